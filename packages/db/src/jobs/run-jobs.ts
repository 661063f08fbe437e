import { setTimeout as sleep } from "node:timers/promises";
import { Logger, type Runner, run } from "graphile-worker";
import type pg from "pg";
import { createPool } from "../session/pool.ts";

/** A job's work. Throwing has it tried again later. */
export type Task = (payload: unknown) => Promise<void>;

export type RunJobsOptions = {
  url: string;
  tasks: Record<string, Task>;
  /** Jobs that this process works on at the same time. */
  concurrency: number;
  log: { warn(fields: object, message: string): void };
  /** The longest wait between two looks at the queue; milliseconds, default 5000. */
  pollMs?: number;
};

export type RunningJobs = {
  /** Takes no more jobs and waits for those under way. */
  stop(): Promise<void>;
};

const RESTART_MS = { first: 100, slowest: 500 };

/**
 * Works on the job queue (graphile-worker) over a small pool of its own until `stop`. Any number of
 * processes may do so at once. When the database is lost the worker is started again, with growing pauses.
 *
 * Rejects when it cannot start now.
 */
export const runJobs = async (options: RunJobsOptions): Promise<RunningJobs> => {
  const { url, concurrency, log } = options;
  // One of them listens.
  const pool = createPool({ url, size: concurrency + 2, applicationName: "lethe jobs" });
  const warn = (error: unknown) => log.warn({ err: error }, "the job queue's connection failed");
  pool.on("error", warn);

  const stopping = new AbortController();
  let runner = await start(options, pool).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });

  const startAgain = async (): Promise<Runner | undefined> => {
    for (let failures = 0; ; failures += 1) {
      const delay = Math.min(RESTART_MS.first * 2 ** failures, RESTART_MS.slowest);
      await sleep(delay, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return undefined;
      try {
        return await start(options, pool);
      } catch (error) {
        // The 1st, 2nd, 4th, 8th …: a database that is away for long does not fill the log.
        if (Number.isInteger(Math.log2(failures + 1))) warn(error);
      }
    }
  };
  const supervise = async () => {
    for (;;) {
      await runner.promise.catch(warn);
      if (stopping.signal.aborted) return;
      const next = await startAgain();
      if (next === undefined) return;
      runner = next;
      if (stopping.signal.aborted) await runner.stop().catch(warn);
    }
  };

  const supervised = supervise();
  return {
    stop: async () => {
      stopping.abort();
      // It rejects when it has stopped by itself.
      await runner.stop().catch(() => {});
      await supervised;
      await pool.end();
    },
  };
};

const start = ({ tasks, concurrency, log, pollMs = 5_000 }: RunJobsOptions, pool: pg.Pool): Promise<Runner> =>
  run({
    pgPool: pool,
    taskList: tasks,
    concurrency,
    pollInterval: pollMs,
    // Without these the library does not wait for what it says of finished jobs, and a database that is away
    // at that moment ends the whole process with an unhandled rejection.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    // What the process does at a signal is its own affair.
    noHandleSignals: true,
    parsedCronItems: [],
    logger: new Logger(() => (level, message, meta) => {
      if (level === "error" || level === "warning") log.warn({ err: meta?.error }, message);
    }),
  });
