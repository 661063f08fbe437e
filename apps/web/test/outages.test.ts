import { expect, it } from "vitest";
import { runOutages } from "./support/outages/run-outages.ts";

it("restarts of PostgreSQL and ended sessions cost nobody anything but a 503", async () => {
  const figures = await runOutages({ setup: "external", callers: 12, restarts: 4, terminations: 12 });
  expect(figures.violations).toEqual([]);
  // Outages that nobody met, and callers who got nothing done, prove nothing.
  expect(figures.restarts).toEqual({ fast: 2, immediate: 2 });
  expect(figures.terminations).toBeGreaterThanOrEqual(12);
  const { acknowledged, answers } = figures;
  expect(Math.min(acknowledged.chats, acknowledged.messages, acknowledged.deletions)).toBeGreaterThan(0);
  const refused = Object.values(answers).reduce(
    (sum, counts) => sum + (counts["503"] ?? 0) + (counts.SERVICE_UNAVAILABLE ?? 0),
    0,
  );
  expect(refused).toBeGreaterThan(0);
});
