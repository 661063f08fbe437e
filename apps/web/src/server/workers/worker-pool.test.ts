import { expect, it } from "vitest";
import { createRestartBackoff } from "./worker-pool.ts";

it("waits longer each time, and gives up at the fifth early end in a row", () => {
  const backoff = createRestartBackoff();
  expect([1, 2, 3, 4, 5].map(() => backoff.ended(500))).toEqual([100, 200, 400, 800, null]);
});

it("never gives up on processes that served for a while in between", () => {
  const backoff = createRestartBackoff();
  for (let round = 0; round < 10; round += 1) {
    for (let crash = 0; crash < 4; crash += 1) expect(backoff.ended(500)).not.toBeNull();
    expect(backoff.ended(60_000)).toBe(100);
  }
});
