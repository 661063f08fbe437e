import { createRateLimiter, type RateLimiter, type Shared } from "@lethe/api";
import { connectRedis } from "@lethe/db";
import type { Environment } from "@lethe/environment";
import type { Logger } from "pino";

/** What is limited, and who counts. */
export type RateLimitOptions = {
  /** Calls a minute for one API key; 0: no limit. */
  perMinute: number;
  /** Counts for all servers, where it is set. A secret: never print it. */
  redisUrl?: string | undefined;
  /** Web processes of this server. Several of them have a primary process, which counts where Redis does not. */
  processes: number;
};

/** What the environment says of it, for each of `processes` web processes. */
export const rateLimitOf = (
  { rateLimit, redisUrl }: Pick<Environment, "rateLimit" | "redisUrl">,
  processes: number,
): RateLimitOptions => ({ perMinute: rateLimit, redisUrl, processes });

/** A call waits no longer for Redis than this; milliseconds. */
const redisPatience = 250;

/** Starts to count calls. It waits for nobody: a Redis that is away is used as soon as it is there. */
export function startRateLimiter(
  { perMinute, redisUrl, processes }: RateLimitOptions,
  log: Logger,
): { limiter: RateLimiter | null; close: () => Promise<void> } {
  if (perMinute === 0) return { limiter: null, close: async () => {} };
  const redis =
    redisUrl === undefined
      ? null
      : connectRedis({
          url: redisUrl,
          commandTimeoutMs: redisPatience,
          onError: (err) => log.debug({ err }, "Redis cannot be reached"),
        });
  const shared: Shared | null = redis
    ? { by: "redis", client: redis }
    : processes > 1
      ? { by: "primary" }
      : null;
  return {
    limiter: createRateLimiter({ perMinute, processes, shared, log }),
    close: async () => redis?.disconnect(),
  };
}
