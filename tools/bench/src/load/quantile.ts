import type { Sample } from "../results.ts";
import type { LoadResult } from "./run-load.ts";

/** The q-quantile (0 to 1) of some numbers by nearest rank; NaN of none. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle of some numbers, or between the two in the middle: of two turns neither is better. NaN of none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2)];
  return ((sorted[low] ?? Number.NaN) + (sorted[high] ?? Number.NaN)) / 2;
}

/** A number that JSON can hold. */
export const figure = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** What a load amounts to. Anything but the status that was asked for makes it invalid. */
export function toSample({ latencies, statuses, seconds }: LoadResult, expected = "200"): Sample {
  const good = statuses[expected] ?? 0;
  const others = Object.entries(statuses).filter(([status]) => status !== expected);
  const told = others.map(([status, count]) => `${count} times ${status}`).join(", ");
  return {
    throughput: figure(good / seconds),
    p50: figure(quantile(latencies, 0.5)),
    p99: figure(quantile(latencies, 0.99)),
    statuses,
    invalid: told || (good === 0 ? "nothing was answered" : null),
  };
}

/** The median of a figure over the samples that count; null where there are none. */
export function medianOf<S extends Sample>(samples: S[], pick: (sample: S) => number | null): number | null {
  const values = samples.filter(({ invalid }) => invalid === null).flatMap((sample) => pick(sample) ?? []);
  return figure(median(values));
}

/** The medians of the figures that every sample has. */
export function medianSample(samples: Sample[]): Sample {
  return {
    throughput: medianOf(samples, (sample) => sample.throughput),
    p50: medianOf(samples, (sample) => sample.p50),
    p99: medianOf(samples, (sample) => sample.p99),
    statuses: {},
    invalid: samples.some(({ invalid }) => invalid === null) ? null : (samples[0]?.invalid ?? "not measured"),
  };
}

/** Latencies in short. */
export const summary = (values: number[]) => ({
  p50: figure(quantile(values, 0.5)),
  p99: figure(quantile(values, 0.99)),
  worst: figure(quantile(values, 1)),
});

/** The same items, beginning with the `by`-th: so that nobody always comes first. */
export const rotate = <Item>(items: readonly Item[], by: number): Item[] => {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
};
