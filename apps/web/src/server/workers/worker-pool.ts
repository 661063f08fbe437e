import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Metrics } from "@lethe/api";
import type { Logger } from "pino";
import { StartError } from "../start-error.ts";
import { isOfRateLimiter, type ToWorker, toPrimarySchema, type WorkerConfig } from "./ipc-messages.ts";
import { createMetricsAggregator } from "./metrics-aggregator.ts";

/** A process that ends sooner than this after its start had no time to be useful; milliseconds. */
const earlyMs = 10_000;
/** So many of those, one after the other, and the next will be no better. */
const maxRetries = 5;
const firstDelayMs = 100;
const longestDelayMs = 2_000;

/** Tells a process that crashed once from one that will crash again and again. */
type RestartBackoff = {
  /**
   * Notes the end of a process that ran for so many milliseconds. Answers how long to wait before the
   * next is started, also milliseconds; null when there is no hope.
   */
  ended: (afterMs: number) => number | null;
};

export function createRestartBackoff(): RestartBackoff {
  let inARow = 0;
  return {
    ended: (afterMs) => {
      inARow = afterMs < earlyMs ? inARow + 1 : 0;
      if (inARow >= maxRetries) return null;
      return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, inARow - 1));
    },
  };
}

const serverEntry = fileURLToPath(new URL("../../../server.ts", import.meta.url));
/** Where the reason is known, such as a database that is away, it is no crash; milliseconds until the next try. */
const outagePause = 2_000;

type WorkerPoolOptions = {
  /** How many web processes. */
  size: number;
  config: WorkerConfig;
  log: Logger;
  /** Those of this process, which are added to those of the others. */
  metrics: Metrics;
  /** Called when web processes crash over and over, or the port cannot be kept. */
  onGiveUp: () => void;
};

/** The web processes that share a port. */
export type WorkerPool = {
  /**
   * Starts all of them. Answers the port when all listen; from then on one that ends is replaced.
   *
   * @throws StartError when one of them cannot start
   */
  start: () => Promise<number>;
  /** Tells all of them, and those that come, whether jobs can be taken from the queue. */
  tellJobs: (taken: boolean) => void;
  /** The text of `/metrics` for all of them and this process. */
  showMetrics: () => Promise<string>;
  /** Tells all of them that they are stopped soon. */
  leave: () => void;
  /** Stops all of them in good order, and kills those that take longer than `timeoutMs`, or the rest once `hurry` is aborted. */
  stop: (timeoutMs: number, hurry: AbortSignal) => Promise<void>;
};

/** What is known of a web process. */
type PoolWorker = { worker: Worker; since: number; failure: string | null };

export function createWorkerPool({ size, config, log, metrics, onGiveUp }: WorkerPoolOptions): WorkerPool {
  const workers = new Map<number, PoolWorker>();
  const listening = new Set<number>();
  const backoff = createRestartBackoff();
  const aggregator = createMetricsAggregator(metrics);
  const ready = Promise.withResolvers<number>();
  const replacing = new Set<NodeJS.Timeout>();
  let started = false;
  let stopping = false;
  let taken = true;
  let port: number | null = null;
  /** With port 0 all have to ask for port 0, or for the one that came of it when none holds it any more. */
  let askFor = config.port;

  function fork() {
    const worker = cluster.fork();
    const member: PoolWorker = { worker, since: performance.now(), failure: null };
    workers.set(worker.id, member);
    worker.on("message", (raw: unknown) => handleMessage(member, raw));
    worker.on("listening", (address) => handleListening(member, address.port));
    worker.on("error", (error) => {
      log.error({ err: error }, "A web process could not be reached");
      if (worker.process.pid === undefined) handleExit(member, "could not be started");
    });
    worker.once("exit", (code, signal) => handleExit(member, signal ?? `code ${code}`));
  }

  function handleMessage(member: PoolWorker, raw: unknown) {
    if (isOfRateLimiter(raw)) return;
    const { data: message, error } = toPrimarySchema.safeParse(raw);
    if (!message) log.error({ err: error, worker: member.worker.id }, "A web process was not understood");
    else if (message.type === "hello") {
      if (port !== null && listening.size === 0) askFor = port;
      tell(member, stopping ? { type: "stop" } : { type: "serve", config: { ...config, port: askFor } });
      tell(member, { type: "jobs", taken });
    } else if (message.type === "failed") member.failure = message.explained ? message.message : "";
    else if (message.type === "measured") aggregator.settle(message.id, message.metrics);
    else
      showMetrics().then(
        (text) => tell(member, { type: "metrics", id: message.id, text }),
        (err: unknown) => log.error({ err }, "The metrics of the web processes could not be added up"),
      );
  }

  function showMetrics(): Promise<string> {
    const asked = [...listening].flatMap((workerId) => {
      const other = workers.get(workerId);
      return other ? [{ id: workerId, request: (n: number) => tell(other, { type: "measure", id: n }) }] : [];
    });
    return aggregator.show(asked);
  }

  function handleListening({ worker }: PoolWorker, at: number) {
    port ??= at;
    if (at !== port) {
      log.warn(`A web process got port ${at} instead of ${port}; trying again`);
      worker.process.kill("SIGKILL");
      return;
    }
    listening.add(worker.id);
    if (listening.size < size || started) return;
    started = true;
    ready.resolve(port);
  }

  function handleExit({ worker, since, failure }: PoolWorker, how: string) {
    if (!workers.delete(worker.id)) return;
    listening.delete(worker.id);
    aggregator.retire(worker.id);
    if (stopping) return;
    if (!started) {
      ready.reject(new StartError(failure || `A web process ended before it was ready (${how}).`));
      return;
    }
    log.error({ worker: worker.id, ...(failure && { reason: failure }) }, `A web process ended (${how})`);
    const pause = failure && listening.size > 0 ? outagePause : backoff.ended(performance.now() - since);
    if (pause === null) {
      log.fatal("Web processes end again and again as soon as they have started; giving up");
      onGiveUp();
      return;
    }
    const timer = setTimeout(() => {
      replacing.delete(timer);
      fork();
    }, pause);
    replacing.add(timer);
  }

  return {
    start: () => {
      // Whatever program this process was started by, its web processes are servers.
      cluster.setupPrimary({ exec: serverEntry });
      for (let n = 0; n < size; n += 1) fork();
      return ready.promise;
    },
    tellJobs: (now) => {
      taken = now;
      for (const member of workers.values()) tell(member, { type: "jobs", taken });
    },
    showMetrics,
    leave: () => {
      for (const member of workers.values()) tell(member, { type: "leave" });
    },
    stop: async (timeoutMs, hurry) => {
      stopping = true;
      for (const timer of replacing) clearTimeout(timer);
      for (const member of workers.values()) tell(member, { type: "stop" });
      const deadline = performance.now() + timeoutMs;
      while (workers.size > 0 && performance.now() < deadline && !hurry.aborted) await sleep(10);
      for (const { worker } of workers.values()) worker.process.kill("SIGKILL");
      while (workers.size > 0) await sleep(10);
    },
  };
}

/** A web process that is gone hears nothing; its end is dealt with where it is noticed. */
function tell({ worker }: PoolWorker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => {});
}
