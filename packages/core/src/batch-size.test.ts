import { expect, it } from "vitest";
import { BatchSize } from "./batch-size.ts";
import { eraseBounds } from "./erasure/erase-transcripts.ts";

/** The sizes of batches in which a message takes so long; microseconds. */
function sizes(microseconds: number): number[] {
  const size = new BatchSize(eraseBounds);
  return Array.from({ length: 30 }, () => {
    const { current } = size;
    size.learn((current * microseconds) / 1_000);
    return current;
  });
}

it("comes to batches of 5 to 12 ms, whatever messages weigh", () => {
  for (const microseconds of [3, 10, 20]) {
    const last = sizes(microseconds).slice(-5);
    for (const size of last) {
      expect((size * microseconds) / 1_000).toBeGreaterThanOrEqual(5);
      expect((size * microseconds) / 1_000).toBeLessThanOrEqual(12);
    }
  }
});

it("stays within its bounds", () => {
  expect(sizes(0.001).at(-1)).toBe(10_000);
  expect(sizes(1_000_000).at(-1)).toBe(500);
});
