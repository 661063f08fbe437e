import { type ChildProcess, fork } from "node:child_process";

/** Callers of one process. A second process costs the machine more than the callers of the first wait for one another. */
const callersPerProcess = 256;

/**
 * Drives a closed loop of callers from processes of their own: each caller has one request in flight and
 * begins the next when it has the answer, until the time or the paths run out.
 */
export async function runLoad(job: LoadJob): Promise<LoadResult> {
  const count = Math.ceil(job.callers / callersPerProcess);
  const workers = Array.from({ length: count }, takeWorker);
  try {
    await Promise.all(
      workers.map((worker, index) => {
        const ready = next(worker, "ready");
        send(worker, { type: "prepare", job: share(job, index, count) });
        return ready;
      }),
    );
    const done = workers.map((worker) => next(worker, "done"));
    for (const worker of workers) send(worker, { type: "go" });
    const results = (await Promise.all(done)).flatMap((message) =>
      message.type === "done" ? [message.result] : [],
    );
    for (const worker of workers) putBack(worker);
    return merge(results);
  } catch (error) {
    for (const worker of workers) worker.kill();
    throw error;
  }
}

/** Load processes that have nothing to do. Who has worked before is as quick as it gets, which a new one is not. */
const idle: ChildProcess[] = [];

function takeWorker(): ChildProcess {
  const worker = idle.pop() ?? fork(new URL("./worker.ts", import.meta.url), { serialization: "advanced" });
  worker.ref();
  worker.channel?.ref();
  return worker;
}

/** This process may end while they wait, and they end with it. */
function putBack(worker: ChildProcess): void {
  worker.unref();
  worker.channel?.unref();
  idle.push(worker);
}

/** Several loads, one after the other, as one. */
export const joinLoads = (results: LoadResult[]): LoadResult => ({
  ...merge(results),
  seconds: sumOf(results, ({ seconds }) => seconds),
});

/** The part of a job that falls to one of `count` processes. */
function share(job: LoadJob, index: number, count: number): LoadJob {
  const callers = Math.floor(job.callers / count) + (index < job.callers % count ? 1 : 0);
  if (count === 1 || job.cycle) return { ...job, callers };
  return { ...job, callers, paths: job.paths.filter((_, n) => n % count === index) };
}

function merge(results: LoadResult[]): LoadResult {
  const statuses: Record<string, number> = {};
  for (const result of results)
    for (const [status, count] of Object.entries(result.statuses)) {
      statuses[status] = (statuses[status] ?? 0) + count;
    }
  return {
    latencies: Float64Array.from(results.flatMap(({ latencies }) => [...latencies])),
    statuses,
    seconds: Math.max(...results.map(({ seconds }) => seconds)),
    cpuSeconds: sumOf(results, ({ cpuSeconds }) => cpuSeconds),
  };
}

const sumOf = (results: LoadResult[], pick: (result: LoadResult) => number): number =>
  results.reduce((sum, result) => sum + pick(result), 0);

const send = (worker: ChildProcess, message: ToWorker) => worker.send(message);

function next(worker: ChildProcess, type: FromWorker["type"]): Promise<FromWorker> {
  const { promise, resolve, reject } = Promise.withResolvers<FromWorker>();
  const hear = (message: FromWorker) => message.type === type && settle(() => resolve(message));
  const end = () => settle(() => reject(new Error("A load process ended before its work was done")));
  const settle = (act: () => void) => {
    worker.off("message", hear);
    worker.off("exit", end);
    act();
  };
  worker.on("message", hear);
  worker.on("exit", end);
  return promise;
}

/** What a load process has to do; plain data, for it travels between processes. */
export type LoadJob = {
  origin: string;
  /** Connections, each with one request in flight at a time. */
  callers: number;
  /** No request is begun after so many seconds. */
  seconds: number;
  method: "GET" | "POST" | "DELETE";
  /** One a request, in this order. */
  paths: string[];
  /** Begin again at the first path when all were asked for, instead of ending. */
  cycle: boolean;
  /** Instead of the next path, ask for the page after the one that was answered. */
  followPages: boolean;
  headers: Record<string, string>;
  body?: string;
};

/** What came of it. Times are milliseconds. */
export type LoadResult = {
  /** One for each whole answer, in no order. */
  latencies: Float64Array;
  /** How often each status was answered; "error" for no answer, and for one that is not whole or not HTTP. */
  statuses: Record<string, number>;
  /** From the first request to the last answer; seconds. */
  seconds: number;
  /** CPU that the callers have used meanwhile, seconds; NaN where nobody knows. */
  cpuSeconds: number;
};

/** Messages of the parent to a load process and back. */
export type ToWorker = { type: "prepare"; job: LoadJob } | { type: "go" };
export type FromWorker = { type: "ready" } | { type: "done"; result: LoadResult };
