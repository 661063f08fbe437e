import type { Runner } from "graphile-worker";
import type pg from "pg";
import { keepTrying } from "../keep-connected.ts";
import { createPool } from "../session/pool.ts";

/** A job's work. Throwing has it tried again later. */
export type Task = (payload: unknown) => Promise<void>;

/** Kinds of jobs that share workers of their own, and wait for no other lane's. */
export type Lane = {
  tasks: Record<string, Task>;
  /** Jobs of the lane that this process works on at the same time. */
  concurrency: number;
};

export type RunJobsOptions = {
  /** An address that gives sessions: no pooler that lends connections by transaction may lie in between. */
  url: string;
  lanes: Lane[];
  log: { warn(fields: object, message: string): void };
  /** The longest wait between two looks at the queue; milliseconds, default 5000. */
  pollMs?: number;
};

export type RunningJobs = {
  /** Takes no more jobs and waits for those under way. */
  stop(): Promise<void>;
};

/**
 * How many sessions `runJobs` keeps at most: each lane has one that listens, and all share one that takes jobs and
 * marks them as done, which is a moment's work. What the jobs themselves do with the database is their own affair.
 */
export const jobSessions = (lanes: number): number => lanes + 1;

/**
 * Works on the job queue (graphile-worker) until `stop`, over a small pool of its own. Any number of processes may
 * do so at once. When the database is lost the workers are started again as soon as it is back.
 *
 * Rejects when they cannot start now.
 */
export const runJobs = async (options: RunJobsOptions): Promise<RunningJobs> => {
  const { url, lanes, log } = options;
  const pool = createPool({ url, size: jobSessions(lanes.length), applicationName: "lethe jobs" });
  const warn = (error: unknown) => log.warn({ err: error }, "the job queue's connection failed");
  pool.on("error", warn);

  const running: RunningJobs[] = [];
  const stop = async () => {
    await Promise.all(running.map((lane) => lane.stop()));
    await pool.end();
  };
  try {
    for (const lane of lanes) running.push(await runLane(() => start(lane, options, pool), warn));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
};

const runLane = async (
  begin: () => Promise<Runner>,
  warn: (error: unknown) => void,
): Promise<RunningJobs> => {
  const stopping = new AbortController();
  let runner = await begin();

  const supervise = async () => {
    for (;;) {
      await runner.promise.catch(warn);
      if (stopping.signal.aborted) return;
      const next = await keepTrying(begin, warn, stopping.signal);
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
    },
  };
};

/** What starts no job, such as a command, does not load the queue. */
const start = async (
  { tasks, concurrency }: Lane,
  { log, pollMs = 5_000 }: RunJobsOptions,
  pool: pg.Pool,
): Promise<Runner> => {
  const { Logger, run } = await import("graphile-worker");
  return run({
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
};
