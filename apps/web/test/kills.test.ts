import { expect, it } from "vitest";
import { runKills } from "./support/kills/run-kills.ts";

it("kill -9 of servers and of PostgreSQL amid deletions and erasure leaves every chat whole or gone", {
  timeout: 600_000,
}, async () => {
  const both = await Promise.all(
    (["external", "embedded"] as const).map((setup) =>
      runKills({ setup, kills: setup === "embedded" ? 8 : 6, size: 48, erasedWithinMs: 180_000 }),
    ),
  );
  for (const { violations } of both) expect(violations).toEqual([]);
  // Kills that hit nothing, or deletions that all end the same way, prove nothing.
  const sum = (read: (figures: (typeof both)[number]) => number) =>
    both.reduce((total, figures) => total + read(figures), 0);
  expect(both.map(({ kills }) => kills)).toEqual([
    { server: 2, worker: 0, postmaster: 2, backend: 2 },
    { server: 2, worker: 2, postmaster: 2, backend: 2 },
  ]);
  expect(sum(({ amid }) => amid.deletions)).toBeGreaterThan(0);
  expect(sum(({ amid }) => amid.erasure)).toBeGreaterThan(0);
  expect(sum(({ answers }) => answers["200"] ?? 0)).toBeGreaterThan(0);
  expect(sum(({ unacknowledged }) => unacknowledged.whole)).toBeGreaterThan(0);
});
