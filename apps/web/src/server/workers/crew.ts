import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Metrics } from "@lethe/api";
import type { Logger } from "pino";
import { StartError } from "../start-error.ts";
import { createCrashWatch } from "./crash-watch.ts";
import { isOfRateLimiter, type Order, type ToWorker, toPrimarySchema } from "./messages.ts";
import { createMetricsDesk } from "./metrics-desk.ts";

const serverEntry = fileURLToPath(new URL("../../../server.ts", import.meta.url));
/** Where the reason is known, such as a database that is away, it is no crash; milliseconds until the next try. */
const outagePause = 2_000;

export type CrewOptions = {
  /** How many web processes. */
  size: number;
  order: Order;
  log: Logger;
  /** Those of this process, which are added to those of the others. */
  metrics: Metrics;
  /** Called when web processes crash over and over, or the port cannot be kept. */
  onHopeless: () => void;
};

/** The web processes that share a port. */
export type Crew = {
  /**
   * Starts all of them. Answers the port when all listen; from then on one that ends is replaced.
   *
   * @throws StartError when one of them cannot start
   */
  start: () => Promise<number>;
  /** Tells all of them that they are stopped soon. */
  leave: () => void;
  /** Stops all of them in good order, and by force what takes longer than `patience` milliseconds, or once in a hurry. */
  stop: (patience: number, hurry: AbortSignal) => Promise<void>;
};

/** What is known of a web process. */
type Member = { worker: Worker; since: number; failure: string | null };

export function createCrew({ size, order, log, metrics, onHopeless }: CrewOptions): Crew {
  const members = new Map<number, Member>();
  const listening = new Set<number>();
  const crashes = createCrashWatch();
  const desk = createMetricsDesk(metrics);
  const ready = Promise.withResolvers<number>();
  const replacing = new Set<NodeJS.Timeout>();
  let started = false;
  let stopping = false;
  let port: number | null = null;
  /** With port 0 all have to ask for port 0, or for the one that came of it when none holds it any more. */
  let askFor = order.port;

  function hire() {
    const worker = cluster.fork();
    const member: Member = { worker, since: performance.now(), failure: null };
    members.set(worker.id, member);
    worker.on("message", (raw: unknown) => hear(member, raw));
    worker.on("listening", (address) => listens(member, address.port));
    worker.on("error", (error) => {
      log.error({ err: error }, "A web process could not be reached");
      if (worker.process.pid === undefined) ended(member, "could not be started");
    });
    worker.once("exit", (code, signal) => ended(member, signal ?? `code ${code}`));
  }

  function hear(member: Member, raw: unknown) {
    if (isOfRateLimiter(raw)) return;
    const { data: message, error } = toPrimarySchema.safeParse(raw);
    if (!message) log.error({ err: error, worker: member.worker.id }, "A web process was not understood");
    else if (message.type === "hello") {
      if (port !== null && listening.size === 0) askFor = port;
      tell(member, stopping ? { type: "stop" } : { type: "serve", order: { ...order, port: askFor } });
    } else if (message.type === "failed") member.failure = message.explained ? message.message : "";
    else if (message.type === "measured") desk.answer(message.id, message.metrics);
    else
      showMetrics(member, message.id).catch((err: unknown) =>
        log.error({ err }, "The metrics of the web processes could not be added up"),
      );
  }

  async function showMetrics(member: Member, id: number) {
    const asked = [...listening].flatMap((workerId) => {
      const other = members.get(workerId);
      return other
        ? [{ id: workerId, askMetrics: (n: number) => tell(other, { type: "measure", id: n }) }]
        : [];
    });
    tell(member, { type: "metrics", id, text: await desk.show(asked) });
  }

  function listens({ worker }: Member, at: number) {
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

  function ended({ worker, since, failure }: Member, how: string) {
    if (!members.delete(worker.id)) return;
    listening.delete(worker.id);
    desk.gone(worker.id);
    if (stopping) return;
    if (!started) {
      ready.reject(new StartError(failure || `A web process ended before it was ready (${how}).`));
      return;
    }
    log.error({ worker: worker.id, ...(failure && { reason: failure }) }, `A web process ended (${how})`);
    const pause = failure && listening.size > 0 ? outagePause : crashes.ended(performance.now() - since);
    if (pause === null) {
      log.fatal("Web processes end again and again as soon as they have started; giving up");
      onHopeless();
      return;
    }
    const timer = setTimeout(() => {
      replacing.delete(timer);
      hire();
    }, pause);
    replacing.add(timer);
  }

  return {
    start: () => {
      // Whatever program this process was started by, its web processes are servers.
      cluster.setupPrimary({ exec: serverEntry });
      for (let n = 0; n < size; n += 1) hire();
      return ready.promise;
    },
    leave: () => {
      for (const member of members.values()) tell(member, { type: "leave" });
    },
    stop: async (patience, hurry) => {
      stopping = true;
      for (const timer of replacing) clearTimeout(timer);
      for (const member of members.values()) tell(member, { type: "stop" });
      const deadline = performance.now() + patience;
      while (members.size > 0 && performance.now() < deadline && !hurry.aborted) await sleep(10);
      for (const { worker } of members.values()) worker.process.kill("SIGKILL");
      while (members.size > 0) await sleep(10);
    },
  };
}

/** A web process that is gone hears nothing; its end is dealt with where it is noticed. */
function tell({ worker }: Member, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => {});
}
