import { LetheError, type Principal } from "@lethe/core";
import type { Services } from "../services.ts";
import type { Standing } from "./rate-limiter.ts";

/**
 * Counts a call of an API key, or of a session that was made with it. Does nothing where there is no limit.
 *
 * @param note is told where the caller stands, allowed or not
 * @throws TOO_MANY_REQUESTS (rate_limited) for one call too many
 */
export async function spendCall(
  { rateLimiter, metrics }: Pick<Services, "rateLimiter" | "metrics">,
  { apiKeyId }: Pick<Principal, "apiKeyId">,
  note: (standing: Standing) => void = () => {},
): Promise<void> {
  if (rateLimiter === null) return;
  const standing = await rateLimiter.spend(apiKeyId);
  note(standing);
  if (standing.allowed) return;
  metrics.refused.inc({ reason: "rate_limited", whose: "key" });
  const retryAfter = Math.max(standing.resetSeconds, 1);
  throw new LetheError(
    "TOO_MANY_REQUESTS",
    "rate_limited",
    `This API key has made its ${standing.limit} calls of this minute. Try again in ${retryAfter} s`,
    { retryAfter },
  );
}
