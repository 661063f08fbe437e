import { createRateLimiter, forgottenAfter, type RateLimiter, type Shared } from "@lethe/api";
import { limits } from "@lethe/core";
import { connectRedis } from "@lethe/db";
import type { Environment } from "@lethe/environment";
import type { Logger } from "pino";

/** What is limited, and who counts. */
export type RateLimitOptions = {
  /** Calls a minute for one API key; 0: no limit. */
  perMinute: number;
  /** Wrong keys a minute from one address; 0: no limit. */
  wrongKeys: number;
  /** Counts for all servers, where it is set. A secret: never print it. */
  redisUrl?: string | undefined;
  /** Web processes of this server. Several of them have a primary process, which counts where Redis does not. */
  processes: number;
};

/** What the environment says of it, for each of `processes` web processes. */
export const rateLimitOf = (
  { rateLimit, wrongKeys, redisUrl }: Pick<Environment, "rateLimit" | "wrongKeys" | "redisUrl">,
  processes: number,
): RateLimitOptions => ({ perMinute: rateLimit, wrongKeys, redisUrl, processes });

/** What counts calls and wrong keys; null: there is no limit. */
export type RateLimiters = {
  calls: RateLimiter | null;
  wrongKeys: RateLimiter | null;
  /** Guesses at one account, which are limited always. */
  wrongGuesses: RateLimiter;
  /** Whether Redis can be reached; null: there is none. */
  isRedisUp: (() => boolean) | null;
  close: () => Promise<void>;
};

/** Starts to count. A Redis that is there counts from the first call on; one that is away, as soon as it is there. */
export async function startRateLimiters(
  { perMinute, wrongKeys, redisUrl, processes }: RateLimitOptions,
  log: Logger,
): Promise<RateLimiters> {
  const redis =
    redisUrl === undefined
      ? null
      : await connectRedis({
          url: redisUrl,
          commandTimeoutMs: forgottenAfter,
          onError: (err) => log.debug({ err }, "Redis cannot be reached"),
        });
  const shared: Shared | null = redis
    ? { by: "redis", client: redis }
    : processes > 1
      ? { by: "primary" }
      : null;
  const common = { processes, shared, log };
  return {
    calls: perMinute === 0 ? null : createRateLimiter({ of: "rate", most: perMinute, ...common }),
    wrongKeys: wrongKeys === 0 ? null : createRateLimiter({ of: "wrong", most: wrongKeys, ...common }),
    wrongGuesses: createRateLimiter({ of: "guess", most: limits.wrongGuessesPerHour, ...common }),
    isRedisUp: redis && (() => redis.status === "ready"),
    close: async () => redis?.disconnect(),
  };
}
