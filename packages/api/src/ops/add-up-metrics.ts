import { AggregatorRegistry, type PrometheusContentType } from "prom-client";
import { z } from "zod";
import type { Metrics } from "./metrics.ts";

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
