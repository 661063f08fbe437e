import { expect, it } from "vitest";
import { runFuzz } from "./support/fuzz/run-fuzz.ts";

it("answers requests made from the OpenAPI document in the form that it describes", async () => {
  const { seed, requests, good, operations, succeeded, faults } = await runFuzz({
    requests: 400,
    seed: Date.now() % 1_000_000,
  });
  expect(
    faults.slice(0, 10).join("\n\n"),
    `${faults.length} of ${requests} are wrong, with seed ${seed}`,
  ).toBe("");
  // Requests that are all refused at the door would prove nothing. A third succeeds; of 400 by chance never less than a fifth.
  expect(good).toBeGreaterThan(0.2);
  expect(succeeded.length).toBeGreaterThan(operations / 2);
});
