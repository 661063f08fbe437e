import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type PrometheusContentType,
  Registry,
} from "prom-client";
import { z } from "zod";

/** What `/metrics` shows. One set for a process, whoever serves it. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Makes the metrics of a process, those of Node itself included, in a registry of their own. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    /** The text of `/metrics` (Prometheus exposition format). */
    show: () => registry.metrics(),
    requestDuration: new Histogram({
      name: "http_request_duration_seconds",
      help: "Time from a request to the start of its answer, by route template",
      labelNames: ["method", "route", "status"] as const,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    deletes: new Counter({
      name: "lethe_chat_deletes_total",
      help: "Deletions asked for, by outcome: deleted, or the reason for refusing",
      labelNames: ["outcome"] as const,
      registers,
    }),
    erasedMessages: new Counter({
      name: "lethe_erased_messages_total",
      help: "Messages of deleted chats that were erased in the background",
      registers,
    }),
    pendingErasures: new Gauge({
      name: "lethe_pending_erasures",
      help: "Deleted chats of all tenants whose transcript is still to be erased, as of the last look",
      registers,
    }),
    oldestPendingErasure: new Gauge({
      name: "lethe_oldest_pending_erasure_seconds",
      help: "Age of the oldest deletion whose transcript is still to be erased, as of the last look; 0: none",
      registers,
    }),
    webhooksBehind: new Gauge({
      name: "lethe_webhooks_behind",
      help: "Webhooks to which something has been due for more than a minute, as of the last look",
      registers,
    }),
    oldestDueWebhook: new Gauge({
      name: "lethe_oldest_due_webhook_seconds",
      help: "For how long the oldest delivery to a webhook has been due, as of the last look; 0: none",
      registers,
    }),
    pendingErasureMessages: new Gauge({
      name: "lethe_pending_erasure_messages",
      help: "Messages of deleted chats that are still to be erased, as of the last look",
      registers,
    }),
    webhooksFailing: new Gauge({
      name: "lethe_webhooks_failing",
      help: "Those of lethe_webhooks_behind whose last attempt failed",
      registers,
    }),
    webhookAttempts: new Counter({
      name: "lethe_webhook_attempts_total",
      help: "Attempts at webhooks, by result: delivered or failed",
      labelNames: ["result"] as const,
      registers,
    }),
    openJobs: new Gauge({
      name: "lethe_open_jobs",
      help: "Jobs over chats that have not ended, as of the last look; 100: that many or more",
      registers,
    }),
    oldestOpenJob: new Gauge({
      name: "lethe_oldest_open_job_seconds",
      help: "Age of the oldest job that has not ended, as of the last look; 0: none",
      registers,
    }),
    failedJobs: new Counter({
      name: "lethe_failed_jobs_total",
      help: "Jobs over chats that were given up, because the database refused to go on again and again",
      registers,
    }),
    refused: new Counter({
      name: "lethe_refused_total",
      help: "What was refused because too much was asked, by reason (the code of the problem) and whose limit it was",
      labelNames: ["reason", "whose"] as const,
      registers,
    }),
    subscriptions: new Gauge({
      name: "lethe_event_subscriptions",
      help: "Event subscriptions that are open now",
      registers,
    }),
  };
}

type OwnGauge = {
  /** Without the `lethe_` that all of ours begin with. */
  name: string;
  help: string;
  labels?: readonly string[];
  /** How several processes are taken together; default: their sum. */
  aggregator?: "sum" | "min" | "max";
  /** What it shows now: a number for each set of labels. Must answer at once. */
  read: () => { labels?: Record<string, string>; value: number }[];
};

/** Adds a gauge of the process that has the metrics, read when they are asked for. */
export function addGauge(
  { registry }: Metrics,
  { name, help, labels = [], aggregator, read }: OwnGauge,
): void {
  new Gauge({
    name: `lethe_${name}`,
    help,
    labelNames: labels,
    ...(aggregator && { aggregator }),
    registers: [registry],
    collect() {
      for (const { labels: set = {}, value } of read()) this.set(set, value);
    },
  });
}

/** A gauge that has nothing to say yet is not a number, which JSON makes null of. */
const sampleSchema = z.looseObject({ value: z.number().nullable().or(z.nan()) });

/** The metrics of a process at a moment, as they travel to another one. */
export const metricsSnapshotSchema = z.array(
  z.looseObject({
    name: z.string(),
    type: z.string(),
    values: z
      .array(sampleSchema)
      .transform((samples) => samples.filter(({ value }) => Number.isFinite(value))),
  }),
);

export type MetricsSnapshot = z.infer<typeof metricsSnapshotSchema>;

/** Takes the metrics of this process down. */
export async function takeSnapshot({ registry }: Metrics): Promise<MetricsSnapshot> {
  return metricsSnapshotSchema.parse(await registry.getMetricsAsJSON());
}

/**
 * The text of `/metrics` for several processes together: counters, histograms and most gauges are summed
 * up; those of which a sum says nothing (the lag of an event loop) are averaged, or left out.
 */
export function showTogether(snapshots: MetricsSnapshot[]): Promise<string> {
  return add(snapshots).metrics();
}

/**
 * What is left of processes that have ended: what they counted, not what they held. Added to the living,
 * it keeps counters from falling.
 */
export async function pastOf(snapshots: MetricsSnapshot[]): Promise<MetricsSnapshot> {
  const counted = snapshots.map((snapshot) => snapshot.filter(({ type }) => type !== "gauge"));
  return metricsSnapshotSchema.parse(await add(counted).getMetricsAsJSON());
}

function add(snapshots: MetricsSnapshot[]) {
  return AggregatorRegistry.aggregate<PrometheusContentType>(snapshots);
}
