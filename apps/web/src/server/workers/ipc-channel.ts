import cluster from "node:cluster";
import type { MetricsSnapshot } from "@lethe/api";
import {
  createPendingRequests,
  isOfRateLimiter,
  type ToPrimary,
  toWorkerSchema,
  type WorkerConfig,
} from "./ipc-messages.ts";

/** How long the primary process may take to gather the metrics of all; milliseconds. */
const metricsTimeoutMs = 5_000;

/** A web process's end of the pipe to the primary process. */
type IpcChannel = {
  /** What to serve; null when it is to stop before it has begun. */
  config: Promise<WorkerConfig | null>;
  /** Settles when it is about to be stopped. */
  leave: Promise<void>;
  /** Settles when it is to stop: asked to, or left alone by a primary process that is gone. */
  stopped: Promise<void>;
  /** Whether the primary process, which works on jobs, can take them. */
  areJobsTaken: () => boolean;
  /** The text of `/metrics` for all processes. */
  showMetrics: () => Promise<string>;
  /** Sends a message; resolves when it is on its way, or cannot be. */
  send: (message: ToPrimary) => Promise<void>;
};

/** @param measure takes the metrics of this process down, as soon as there are any */
export function openIpcChannel(measure: () => Promise<MetricsSnapshot>): IpcChannel {
  const config = Promise.withResolvers<WorkerConfig | null>();
  const leave = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  const pending = createPendingRequests<string>(metricsTimeoutMs);
  let taken = true;

  function stop() {
    config.resolve(null);
    stopped.resolve();
  }

  async function send(message: ToPrimary) {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
    await promise;
  }

  process.on("message", (raw: unknown) => {
    if (isOfRateLimiter(raw)) return;
    const message = toWorkerSchema.parse(raw);
    if (message.type === "serve") config.resolve(message.config);
    else if (message.type === "leave") leave.resolve();
    else if (message.type === "stop") stop();
    else if (message.type === "jobs") taken = message.taken;
    else if (message.type === "metrics") pending.settle(message.id, message.text);
    else
      measure().then(
        (metrics) => send({ type: "measured", id: message.id, metrics }),
        // Without an answer the primary process goes by the last one.
        () => {},
      );
  });
  cluster.worker?.on("disconnect", () => {
    // Else Node ends the process on the spot, and with it answers that are under way.
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
    stop();
  });
  // The rate limiter sends without asking how it went. Whoever is gone is noticed by the end of the pipe.
  process.on("error", () => {});
  void send({ type: "hello" });

  return {
    config: config.promise,
    leave: leave.promise,
    stopped: stopped.promise,
    areJobsTaken: () => taken,
    showMetrics: () => pending.send((id) => void send({ type: "show_metrics", id })),
    send,
  };
}
