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
  /** Told when looks at the queue have failed for longer than `pollMs`, and when jobs are taken from it again. */
  onTaking?: (taking: boolean) => void;
};

const POLL_MS = 5_000;

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
  const { url, lanes, log, pollMs = POLL_MS, onTaking = () => {} } = options;
  const pool = createPool({ url, size: jobSessions(lanes.length), applicationName: "lethe jobs" });
  const warn = (error: unknown) => log.warn({ err: error }, "the job queue's connection failed");
  pool.on("error", warn);
  const stalled = new Set<Lane>();
  const watchLane = (lane: Lane) =>
    watchQueue({
      log: { warn: (fields, message) => log.warn({ ...fields, tasks: Object.keys(lane.tasks) }, message) },
      toleratedMs: pollMs,
      onTaking: (taking) => {
        if (taking) stalled.delete(lane);
        else stalled.add(lane);
        onTaking(stalled.size === 0);
      },
    });

  const running: RunningJobs[] = [];
  const stop = async () => {
    await Promise.all(running.map((lane) => lane.stop()));
    await pool.end();
  };
  try {
    for (const lane of lanes) {
      const queue = watchLane(lane);
      running.push(await runLane(() => start(lane, options, { pool, queue }), warn, queue));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
};

const runLane = async (
  begin: () => Promise<Runner>,
  warn: (error: unknown) => void,
  queue: QueueWatch,
): Promise<RunningJobs> => {
  const stopping = new AbortController();
  let runner = await begin();
  const beginAgain = () =>
    begin().catch((error: unknown) => {
      queue.failed(error);
      throw error;
    });

  const supervise = async () => {
    for (;;) {
      await runner.promise.catch(warn);
      if (stopping.signal.aborted) return;
      const next = await keepTrying(beginAgain, warn, stopping.signal);
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

/** Knows whether jobs can be taken from the queue. */
type QueueWatch = {
  taken: () => void;
  failed: (error: unknown) => void;
};

/** Logs when jobs can no longer be taken and when they can again, and tells of it if that lasts longer than is tolerated. */
const watchQueue = ({
  log,
  toleratedMs,
  onTaking,
}: Pick<RunJobsOptions, "log"> & {
  toleratedMs: number;
  onTaking: (taking: boolean) => void;
}): QueueWatch => {
  let failing: { since: number; told: boolean } | undefined;
  return {
    taken: () => {
      if (failing === undefined) return;
      log.warn({}, "jobs are taken from the queue again");
      if (failing.told) onTaking(true);
      failing = undefined;
    },
    failed: (error) => {
      if (failing === undefined)
        log.warn({ err: error }, "no jobs can be taken from the queue; trying again");
      failing ??= { since: performance.now(), told: false };
      if (!failing.told && performance.now() - failing.since > toleratedMs) {
        failing.told = true;
        onTaking(false);
      }
    },
  };
};

/** What starts no job, such as a command, does not load the queue. */
const start = async (
  { tasks, concurrency }: Lane,
  { log, pollMs = POLL_MS }: RunJobsOptions,
  { pool, queue }: { pool: pg.Pool; queue: QueueWatch },
): Promise<Runner> => {
  const { Logger, run } = await import("graphile-worker");
  const runner = await run({
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
  // The library itself says nothing of these.
  runner.events.on("worker:getJob:error", ({ error }) => queue.failed(error));
  runner.events.on("worker:getJob:empty", queue.taken);
  runner.events.on("job:start", queue.taken);
  return runner;
};
