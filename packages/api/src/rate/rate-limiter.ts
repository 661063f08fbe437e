import {
  type RateLimiterAbstract,
  RateLimiterCluster,
  RateLimiterClusterMaster,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";

/** The window in which calls are counted; seconds. It begins with the first call. */
export const windowSeconds = 60;

/** What is counted, for telling it from what others count: calls, wrong keys by network, guesses by account. */
type Counted = "rate" | "wrong" | "guess";
const secondsOf: Record<Counted, number> = { rate: windowSeconds, wrong: windowSeconds, guess: 3_600 };

/** Where somebody stands after a call. */
export type RateLimitStatus = {
  /** Whether the call may be made. */
  allowed: boolean;
  /** Calls in a window. */
  limit: number;
  /** Calls that are left in it. */
  remaining: number;
  /** When the next window begins; whole seconds from now. */
  resetSeconds: number;
};

export type RateLimiter = {
  /** Counts a call of the holder of an API key, or what else is limited, under its name. Never rejects. */
  consume: (name: string) => Promise<RateLimitStatus>;
};

/** Who counts for several processes. */
export type Shared =
  /** A connection of ioredis. */
  | { by: "redis"; client: object }
  /** The primary process of the cluster that this one is a worker of. */
  | { by: "primary" };

type Log = { warn(fields: object, message: string): void; info(message: string): void };

/** How long whoever counts for all may take to answer; milliseconds in which this process is not busy itself. */
const timeoutMs = { redis: 250, primary: 2_000 };
/** The answer that nobody waits for any more is given up by the libraries; milliseconds. */
export const forgottenAfter = 5_000;
/** Whoever counts for all is left alone for so long after it failed; milliseconds. */
const pause = 1_000;

/**
 * Counts calls: in this process, or in common with others. When whoever counts for all does not answer, this
 * process counts alone for a while, up to its share of the limit, and the log says so, once.
 *
 * @param options `most`: in the window of `of`; `processes`: how many share the limit,
 *   as far as is known here
 */
export function createRateLimiter({
  of = "rate",
  most,
  processes,
  shared,
  log,
}: {
  of?: Counted;
  most: number;
  processes: number;
  shared: Shared | null;
  log: Log;
}): RateLimiter {
  const alone = new RateLimiterMemory(optionsFor(of, shared ? Math.ceil(most / processes) : most));
  const common = shared && commonLimiter(shared, optionsFor(of, most));
  let awayUntil: number | null = null;

  async function count(name: string): Promise<Consumed> {
    const now = performance.now();
    if (!common || (awayUntil !== null && now < awayUntil)) return consume(alone, name);
    // After a failure one call tries whether it has passed; the others do not wait for it.
    const wasAway = awayUntil !== null;
    if (wasAway) awayUntil = now + pause;
    try {
      const consumed = await consume(common, name);
      if (wasAway) log.info("The rate limit is counted in common again");
      awayUntil = null;
      return consumed;
    } catch (err) {
      if (awayUntil === null)
        log.warn({ err }, "The rate limit cannot be counted in common now: each process counts for itself");
      awayUntil = performance.now() + pause;
      return consume(alone, name);
    }
  }

  return {
    consume: async (name) => {
      const { allowed, result } = await count(name);
      return {
        allowed,
        limit: most,
        remaining: result.remainingPoints,
        // The library reckons with the time of day, and windows end by timers: a clock that was set says more.
        resetSeconds: Math.min(Math.max(Math.ceil(result.msBeforeNext / 1_000), 0), secondsOf[of]),
      };
    },
  };
}

type Consumed = { allowed: boolean; result: RateLimiterRes };

/**
 * What is answered within `ms`. They pass in parts: a process that was busy meanwhile has the answer unread, and time
 * that ran out would come before it.
 */
function within<Result>(ms: number, answer: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    let parts = 5;
    const timer = setInterval(() => {
      parts -= 1;
      if (parts > 0) return;
      clearInterval(timer);
      reject(new Error(`There was no answer within ${ms} ms`));
    }, ms / parts);
    answer.then(resolve, reject).finally(() => clearInterval(timer));
  });
}

/** The library rejects with the same kind of result that it resolves with. Rejects when it could not count. */
async function consume(limiter: Pick<RateLimiterAbstract, "consume">, key: string): Promise<Consumed> {
  try {
    return { allowed: true, result: await limiter.consume(key) };
  } catch (error) {
    if (error instanceof RateLimiterRes) return { allowed: false, result: error };
    throw error;
  }
}

const optionsFor = (of: Counted, points: number) => ({
  keyPrefix: `lethe:${of}`,
  points,
  duration: secondsOf[of],
});

function commonLimiter(
  shared: Shared,
  options: ReturnType<typeof optionsFor>,
): Pick<RateLimiterAbstract, "consume"> {
  if (shared.by === "primary") {
    const primary = new RateLimiterCluster({ ...options, timeoutMs: forgottenAfter });
    return { consume: (key) => within(timeoutMs.primary, primary.consume(key)) };
  }
  const redis = new RateLimiterRedis({
    ...options,
    storeClient: shared.client,
    rejectIfRedisNotReady: true,
    // Who is over the limit stays so until the window ends; Redis need not be asked again.
    inMemoryBlockOnConsumed: options.points + 1,
  });
  return {
    consume: async (key) => {
      try {
        return await within(timeoutMs.redis, redis.consume(key));
      } catch (error) {
        const isPossible =
          !(error instanceof RateLimiterRes) || error.msBeforeNext <= options.duration * 1_000;
        if (isPossible) throw error;
        // No window is that long: the clock was set back since the caller was blocked.
        redis.deleteInMemoryBlockedAll();
        return within(timeoutMs.redis, redis.consume(key));
      }
    },
  };
}

/**
 * Lets this process, the primary of a cluster, count the calls that its workers tell it of. Call it before the
 * first worker starts.
 */
export function countForWorkers(): void {
  new RateLimiterClusterMaster();
}
