import { embeddedMaxConnections } from "@lethe/db";
import { expect, it } from "vitest";
import { connectionsBesides } from "./boot.ts";
import { poolSizeFor } from "./pool-size.ts";

/** The jobs of the primary process, the command line, psql, and what PostgreSQL keeps for its superusers. */
const forOthers = 20;

it("gives every process enough, and never more in all than the embedded PostgreSQL takes", () => {
  for (let workers = 1; workers <= 64; workers += 1) {
    expect(poolSizeFor(workers)).toBeGreaterThanOrEqual(2);
    const all = workers * (poolSizeFor(workers) + connectionsBesides);
    expect(all).toBeLessThanOrEqual(embeddedMaxConnections - forOthers);
  }
});

it.each([
  [1, 10],
  [2, 10],
  [6, 10],
  [8, 8],
  [16, 3],
  [20, 2],
  [64, 2],
])("gives each of %i processes %i", (workers, size) => {
  expect(poolSizeFor(workers)).toBe(size);
});
