import { type Metrics, type MetricsSnapshot, pastOf, showTogether, takeSnapshot } from "@lethe/api";
import { createQuestions } from "./questions.ts";

/** How long a web process may take to tell its metrics; milliseconds. */
const patience = 2_000;

/** A web process as far as its metrics go. */
export type Measured = { id: number; askMetrics: (questionId: number) => void };

/** Adds the metrics of all processes up, so that it makes no difference which of them is scraped. */
export type MetricsDesk = {
  /** The text of `/metrics` for this process and these. One that does not answer counts as it last did. */
  show: (workers: Measured[]) => Promise<string>;
  answer: (questionId: number, metrics: MetricsSnapshot) => void;
  /** Keeps what a process has counted that is gone. */
  gone: (workerId: number) => void;
};

/** @param own the metrics of this process */
export function createMetricsDesk(own: Metrics): MetricsDesk {
  const questions = createQuestions<MetricsSnapshot>(patience);
  const latest = new Map<number, MetricsSnapshot>();
  const gone = new Set<number>();
  let past: Promise<MetricsSnapshot> = Promise.resolve([]);

  function bury(workerId: number) {
    const last = latest.get(workerId);
    latest.delete(workerId);
    if (last) past = past.then((before) => pastOf([before, last]));
  }

  return {
    show: async (workers) => {
      await Promise.all(
        workers.map(async ({ id, askMetrics }) => {
          const metrics = await questions.ask(askMetrics).catch(() => null);
          if (metrics === null) return;
          latest.set(id, metrics);
          if (gone.has(id)) bury(id);
        }),
      );
      return showTogether([await past, await takeSnapshot(own), ...latest.values()]);
    },
    answer: questions.answer,
    gone: (workerId) => {
      gone.add(workerId);
      bury(workerId);
    },
  };
}
