import cluster from "node:cluster";
import type { MetricsSnapshot } from "@lethe/api";
import { isOfRateLimiter, type Order, type ToPrimary, toWorkerSchema } from "./messages.ts";
import { createQuestions } from "./questions.ts";

/** How long the primary process may take to gather the metrics of all; milliseconds. */
const metricsPatience = 5_000;

/** A web process's end of the pipe to the primary process. */
export type Link = {
  /** What to serve; null when it is to stop before it has begun. */
  order: Promise<Order | null>;
  /** Settles when it is about to be stopped. */
  leave: Promise<void>;
  /** Settles when it is to stop: told so, or left alone by a primary process that is gone. */
  stopped: Promise<void>;
  /** The text of `/metrics` for all processes. */
  showMetrics: () => Promise<string>;
  /** Sends a message; resolves when it is on its way, or cannot be. */
  tell: (message: ToPrimary) => Promise<void>;
};

/** @param measure takes the metrics of this process down, as soon as there are any */
export function connectPrimary(measure: () => Promise<MetricsSnapshot>): Link {
  const order = Promise.withResolvers<Order | null>();
  const leave = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  const questions = createQuestions<string>(metricsPatience);

  function stop() {
    order.resolve(null);
    stopped.resolve();
  }

  async function tell(message: ToPrimary) {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
    await promise;
  }

  process.on("message", (raw: unknown) => {
    if (isOfRateLimiter(raw)) return;
    const message = toWorkerSchema.parse(raw);
    if (message.type === "serve") order.resolve(message.order);
    else if (message.type === "leave") leave.resolve();
    else if (message.type === "stop") stop();
    else if (message.type === "metrics") questions.answer(message.id, message.text);
    else
      measure().then(
        (metrics) => tell({ type: "measured", id: message.id, metrics }),
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
  void tell({ type: "hello" });

  return {
    order: order.promise,
    leave: leave.promise,
    stopped: stopped.promise,
    showMetrics: () => questions.ask((id) => void tell({ type: "show_metrics", id })),
    tell,
  };
}
