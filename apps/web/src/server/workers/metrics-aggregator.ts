import { type Metrics, type MetricsSnapshot, pastOf, showTogether, takeSnapshot } from "@lethe/api";
import { createPendingRequests } from "./ipc-messages.ts";

/** How long a web process may take to tell its metrics; milliseconds. */
const timeoutMs = 2_000;

/** A web process as far as its metrics go. */
type Measured = { id: number; request: (requestId: number) => void };

/** Adds the metrics of all processes up, so that it makes no difference which of them is scraped. */
type MetricsAggregator = {
  /** The text of `/metrics` for this process and these. One that does not answer counts as it last did. */
  show: (workers: Measured[]) => Promise<string>;
  settle: (requestId: number, metrics: MetricsSnapshot) => void;
  /** Keeps what a process that has ended had counted. */
  retire: (workerId: number) => void;
};

/** @param own the metrics of this process */
export function createMetricsAggregator(own: Metrics): MetricsAggregator {
  const pending = createPendingRequests<MetricsSnapshot>(timeoutMs);
  const latest = new Map<number, MetricsSnapshot>();
  const retired = new Set<number>();
  let past: Promise<MetricsSnapshot> = Promise.resolve([]);

  function keepCounts(workerId: number) {
    const last = latest.get(workerId);
    latest.delete(workerId);
    if (last) past = past.then((before) => pastOf([before, last]));
  }

  return {
    show: async (workers) => {
      await Promise.all(
        workers.map(async ({ id, request }) => {
          const metrics = await pending.send(request).catch(() => null);
          if (metrics === null) return;
          latest.set(id, metrics);
          if (retired.has(id)) keepCounts(id);
        }),
      );
      return showTogether([await past, await takeSnapshot(own), ...latest.values()]);
    },
    settle: pending.settle,
    retire: (workerId) => {
      retired.add(workerId);
      keepCounts(workerId);
    },
  };
}
