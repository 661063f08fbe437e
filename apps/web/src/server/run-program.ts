import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { handleShutdownSignals } from "./shutdown-signals.ts";

/** What a process does for its life. */
type Program = {
  log: Logger;
  /** How long a stop may take in all, after the drain; milliseconds. */
  timeoutMs: number;
  /** Starts everything. A start that is under way when a stop is asked for may end early, by throwing too. */
  start: (controls: Controls) => Promise<void>;
  /**
   * Says that the process is about to leave. Then it goes on for `drain` milliseconds before it stops, so that
   * balancers send no more to it. Only a SIGTERM is answered so: the others come from a person who waits.
   */
  leave: () => void;
  drain: () => number;
  /**
   * Stops what has been started so far. Never rejects. Once `hurry` is aborted nothing is waited for, but nothing
   * is left running either.
   */
  stop: (hurry: AbortSignal) => Promise<void>;
};

type Controls = {
  /** Stops in good order, and ends the process with this code. Only the first call counts. */
  stop: (code: number) => void;
  /** Aborted as soon as a stop is asked for. */
  stopping: AbortSignal;
};

/** What a stop in a hurry may take before the process ends without it; milliseconds. */
const lastTimeoutMs = 8_000;

/**
 * Runs a program until a signal comes, it stops itself, or something fails that nobody foresaw. Then it
 * ends the process: with code 1 after a failure, else 0. A second signal cuts the stop short.
 *
 * @throws what `start` throws; then all is stopped
 */
export async function runProgram({ log, timeoutMs, start, leave, drain, stop }: Program): Promise<void> {
  const stopping = new AbortController();
  const hurrying = new AbortController();
  let exitCode: number | null = null;
  let starting = true;

  async function finish() {
    await stop(hurrying.signal);
    process.exit(exitCode ?? 0);
  }

  function hurry() {
    if (hurrying.signal.aborted) return;
    hurrying.abort();
    setTimeout(() => {
      log.error("Not everything could be stopped; the rest was cut off");
      process.exit(1);
    }, lastTimeoutMs).unref();
  }

  function end(code: number) {
    if (exitCode !== null) return;
    exitCode = code;
    setTimeout(() => {
      if (!hurrying.signal.aborted)
        log.error(`Stopping took longer than ${timeoutMs / 1_000} s; the rest is cut off`);
      hurry();
    }, timeoutMs).unref();
    stopping.abort();
    // What a start has begun is stopped as soon as it is done.
    if (!starting) void finish();
  }

  async function endAfterDrain() {
    if (drain() > 0) {
      leave();
      await sleep(drain(), undefined, { signal: hurrying.signal }).catch(() => {});
    }
    end(0);
  }

  function crash(error: unknown) {
    log.fatal({ err: error }, "A failure that nobody foresaw; stopping");
    starting = false;
    end(1);
  }

  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  handleShutdownSignals((signal) => {
    if (signal === "SIGTERM" && !starting) void endAfterDrain();
    else end(0);
  }, hurry);

  try {
    await start({ stop: end, stopping: stopping.signal });
  } catch (error) {
    await stop(hurrying.signal);
    // A start that was told to stop has failed at nothing.
    if (exitCode === null) throw error;
    process.exit(exitCode);
  }
  starting = false;
  if (exitCode !== null) await finish();
}

/** Waits for `work`, but no longer than `milliseconds`, nor once `hurry` is aborted. A failure of `work` goes to `onError`. */
export async function within(
  milliseconds: number,
  work: Promise<unknown>,
  onError: (error: unknown) => void,
  hurry?: AbortSignal,
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Not done within ${milliseconds} ms`)), milliseconds);
  const cut = () => reject(new Error("Not done before it was cut short"));
  if (hurry?.aborted) cut();
  hurry?.addEventListener("abort", cut, { once: true });
  try {
    await Promise.race([work, promise]);
  } catch (error) {
    onError(error);
  } finally {
    clearTimeout(timer);
    hurry?.removeEventListener("abort", cut);
  }
}
