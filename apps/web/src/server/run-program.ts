import type { Logger } from "pino";
import { obeySignals } from "./obey-signals.ts";

/** What a process does for its life. */
export type Program = {
  log: Logger;
  /** How long a stop may take in all; milliseconds. */
  patience: number;
  /** Starts everything. A start that is under way when a stop is asked for may end early. */
  start: (controls: Controls) => Promise<void>;
  /** Stops what has been started so far. Never rejects. */
  stop: () => Promise<void>;
};

export type Controls = {
  /** Stops in good order, and ends the process with this code. Only the first call counts. */
  stop: (code: number) => void;
  /** Aborted as soon as a stop is asked for. */
  stopping: AbortSignal;
};

/**
 * Runs a program until a signal comes, it stops itself, or something fails that nobody foresaw. Then it
 * ends the process: with code 1 after a failure, else 0.
 *
 * @throws what `start` throws; then all is stopped
 */
export async function runProgram({ log, patience, start, stop }: Program): Promise<void> {
  const stopping = new AbortController();
  let exitCode: number | null = null;
  let starting = true;

  async function finish() {
    await stop();
    process.exit(exitCode ?? 0);
  }

  function end(code: number) {
    if (exitCode !== null) return;
    exitCode = code;
    setTimeout(() => {
      log.error(`Stopping took longer than ${patience / 1_000} s; the rest was cut off`);
      process.exit(1);
    }, patience).unref();
    stopping.abort();
    // What a start has begun is stopped as soon as it is done.
    if (!starting) void finish();
  }

  function crash(error: unknown) {
    log.fatal({ err: error }, "A failure that nobody foresaw; stopping");
    starting = false;
    end(1);
  }

  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  obeySignals(() => end(0));

  try {
    await start({ stop: end, stopping: stopping.signal });
  } catch (error) {
    await stop();
    throw error;
  }
  starting = false;
  if (exitCode !== null) await finish();
}
