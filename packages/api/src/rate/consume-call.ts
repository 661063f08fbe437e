import { LetheError, type Principal } from "@lethe/core";
import type { Services } from "../services.ts";
import { type RateLimitStatus, windowSeconds } from "./rate-limiter.ts";

/**
 * Counts a call of a person, or of an API key or of a session that was made with it. Does nothing where there is no limit.
 *
 * @param note is told where the caller stands, allowed or not
 * @throws TOO_MANY_REQUESTS (rate_limited) for one call too many
 */
export async function consumeCall(
  { rateLimiter, metrics }: Pick<Services, "rateLimiter" | "metrics">,
  { holderId, role }: Pick<Principal, "holderId" | "role">,
  note: (rateLimitStatus: RateLimitStatus) => void = () => {},
): Promise<void> {
  if (rateLimiter === null) return;
  const rateLimitStatus = await rateLimiter.consume(holderId);
  note(rateLimitStatus);
  if (rateLimitStatus.allowed) return;
  metrics.refused.inc({ reason: "rate_limited", whose: "key" });
  const retryAfter = Math.max(rateLimitStatus.resetSeconds, 1);
  throw new LetheError(
    "TOO_MANY_REQUESTS",
    "rate_limited",
    `${role === null ? "This API key has made its" : "You have made your"} ${rateLimitStatus.limit} calls of this minute. Try again in ${retryAfter} s`,
    { retryAfter },
  );
}

/** The one policy that there is. */
const policy = '"default"';

/** The limit, and where a caller stands (draft-ietf-httpapi-ratelimit-headers-11). */
export const rateHeaders = ({ limit, remaining, resetSeconds }: RateLimitStatus): Record<string, string> => ({
  "RateLimit-Policy": `${policy};q=${limit};w=${windowSeconds}`,
  RateLimit: `${policy};r=${remaining};t=${resetSeconds}`,
});
