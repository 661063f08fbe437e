import { expect, it } from "vitest";
import { Sends, Share } from "./shares.ts";

/** Begins as many sends of a tenant as it may. */
function fill(sends: Sends, tenantId: string): number {
  let begun = 0;
  for (; sends.roomOf(tenantId) > 0; begun += 1) sends.begin(tenantId);
  return begun;
}

it("whoever waits for silent receivers leaves room for the next tenant, and all share alike", () => {
  const sends = new Sends();
  const [first, ...others] = Array.from({ length: 100 }, (_, n) => fill(sends, `tenant ${n}`));
  expect(first).toBe(200);
  for (const begun of others) expect(begun).toBeGreaterThanOrEqual(2);
  expect(sends.full()).toHaveLength(100);
  // The first begins none until it has come down to what the others have.
  sends.end("tenant 0");
  expect([sends.roomOf("tenant 0"), sends.roomOf("a new one")]).toEqual([0, 2]);
  for (let n = 0; n < 2_000; n += 1) fill(sends, `another ${n}`);
  expect(sends.total).toBeLessThanOrEqual(2_001);
});

it("a webhook that fails is soon sent one at a time, and one that succeeds more and more", () => {
  const share = new Share({ failing: false });
  const shares = [false, false, false, false].map((delivered) => {
    share.learn({ delivered });
    return share.current;
  });
  expect(shares).toEqual([4, 2, 1, 1]);
  for (let n = 0; n < 100; n += 1) share.learn({ delivered: true });
  expect(share.current).toBe(64);
  expect(new Share({ failing: true }).current).toBe(1);
});
