import { expect, it } from "vitest";
import { createCrashWatch } from "./crash-watch.ts";

it("waits longer each time, and gives up at the fifth early end in a row", () => {
  const watch = createCrashWatch();
  expect([1, 2, 3, 4, 5].map(() => watch.ended(500))).toEqual([100, 200, 400, 800, null]);
});

it("never gives up on processes that served for a while in between", () => {
  const watch = createCrashWatch();
  for (let round = 0; round < 10; round += 1) {
    for (let crash = 0; crash < 4; crash += 1) expect(watch.ended(500)).not.toBeNull();
    expect(watch.ended(60_000)).toBe(100);
  }
});
