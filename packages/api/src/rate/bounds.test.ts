import type { Principal } from "@lethe/core";
import { describe, expect, it } from "vitest";
import { createMetrics } from "../ops/metrics.ts";
import { type Bounds, createBounds, type Holder } from "./bounds.ts";

const isTenantId = (id: string): id is Principal["tenantId"] => id.length > 0;
/** The key of this name of the tenant of that. */
function holder(tenant: string, key: string): Holder {
  if (!isTenantId(tenant)) throw new TypeError("a tenant has a name");
  return { tenantId: tenant, holderId: `${tenant}-${key}` };
}

const kinds: [keyof Bounds, string, string][] = [
  ["sockets", "too_many_sockets", "LETHE_MAX_SOCKETS"],
  ["streams", "too_many_streams", "LETHE_MAX_STREAMS"],
  ["exports", "too_many_exports", "LETHE_MAX_EXPORTS"],
];
const sizes = { sockets: 4, streams: 4, exports: 4, searches: 2 };

describe.each(kinds)("a bound on %s", (kind, reason, variable) => {
  it("holds for a key, a tenant and all together, and says which, how many and what sets it", async () => {
    const metrics = createMetrics();
    const bound = createBounds(sizes, metrics)[kind];
    const refused = async (who: Holder) =>
      bound.take(who).then(
        () => "taken",
        (error: unknown) => error,
      );
    const ends = [await bound.take(holder("a", "1")), await bound.take(holder("a", "1"))];
    const mine = { code: "TOO_MANY_REQUESTS", reason, details: { retryAfter: expect.any(Number) } };
    expect(await refused(holder("a", "1"))).toMatchObject({
      ...mine,
      message: expect.stringMatching(`Your API key has 2 .* \\(half of ${variable}\\)`),
    });
    for (let n = 0; n < 2; n += 1) ends.push(await bound.take(holder("a", "2")));
    // Who is refused for the tenant keeps nothing of the key's own.
    for (let n = 0; n < 3; n += 1)
      expect(await refused(holder("a", "3"))).toMatchObject({
        ...mine,
        message: expect.stringMatching(`Your tenant has 4 .* \\(${variable}\\)`),
      });
    for (const tenant of ["b", "c", "d"])
      for (const key of ["1", "1", "2", "2"]) await bound.take(holder(tenant, key));
    expect(await refused(holder("e", "1"))).toMatchObject({
      ...mine,
      code: "SERVICE_UNAVAILABLE",
      message: expect.stringMatching(`All tenants together have 16 .* \\(four times ${variable}\\)`),
    });
    expect(await metrics.show()).toContain(`lethe_refused_total{reason="${reason}",whose="tenant"} 3`);

    for (const end of [...ends, ...ends]) end();
    for (const key of ["3", "3", "1", "1"]) await bound.take(holder("a", key));
    expect(await refused(holder("a", "2"))).toMatchObject(mine);
  });
});

it("lets searches wait, fifty of a key, until there is a place", async () => {
  const bound = createBounds(sizes, createMetrics()).searches;
  const end = await bound.take(holder("a", "1"));
  const waiting = Array.from({ length: 50 }, async () => (await bound.take(holder("a", "1")))());
  await expect(bound.take(holder("a", "1"))).rejects.toMatchObject({
    code: "TOO_MANY_REQUESTS",
    reason: "too_many_searches",
    details: { retryAfter: 1 },
    message: expect.stringContaining("half of LETHE_MAX_SEARCHES"),
  });
  (await bound.take(holder("a", "2")))();
  end();
  expect(await Promise.all(waiting)).toHaveLength(50);
});
