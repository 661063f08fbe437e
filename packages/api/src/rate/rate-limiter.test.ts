import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createRateLimiter } from "./rate-limiter.ts";

function quietLog() {
  const said: string[] = [];
  const say = (first: unknown, message?: string) => void said.push(message ?? String(first));
  return { said, log: { warn: say, info: say } };
}

/** What looks to the library like an ioredis that answers as `command` does. */
function redis(command: () => Promise<[number, number]>) {
  return { status: "ready", defineCommand: () => {}, rlflxIncr: command };
}

it("counts in this process alone where nobody counts for all", async () => {
  const { log, said } = quietLog();
  const limiter = createRateLimiter({ perMinute: 2, processes: 4, shared: null, log });
  const standings = [await limiter.spend("a"), await limiter.spend("a"), await limiter.spend("a")];
  expect(standings.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
    [true, 1],
    [true, 0],
    [false, 0],
  ]);
  expect(await limiter.spend("b")).toMatchObject({ allowed: true, remaining: 1, limit: 2 });
  expect(said).toEqual([]);
});

it("counts its share while whoever counts for all fails, says so once, and comes back", async () => {
  const { log, said } = quietLog();
  let works = false;
  let asked = 0;
  const client = redis(async () => {
    asked += 1;
    if (!works) throw new Error("away");
    return [7, 30_000];
  });
  const limiter = createRateLimiter({ perMinute: 8, processes: 4, shared: { by: "redis", client }, log });
  const allowed = [];
  for (let n = 0; n < 4; n += 1) allowed.push((await limiter.spend("a")).allowed);
  expect(allowed).toEqual([true, true, false, false]);
  expect(asked).toBe(1);
  expect(said).toHaveLength(1);

  works = true;
  await sleep(1_050);
  expect(await limiter.spend("a")).toEqual({ allowed: true, limit: 8, remaining: 1, resetSeconds: 30 });
  expect(said).toHaveLength(2);
  expect(said[1]).toContain("again");
});

it("makes one call wait for somebody who is silent, and not the others", async () => {
  const { log } = quietLog();
  const silence = Promise.withResolvers<[number, number]>();
  let asked = 0;
  const client = redis(() => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error("away")) : silence.promise;
  });
  const limiter = createRateLimiter({ perMinute: 100, processes: 1, shared: { by: "redis", client }, log });
  await limiter.spend("a");
  await sleep(1_050);
  const probe = limiter.spend("a");
  for (let n = 0; n < 20; n += 1) expect((await limiter.spend("a")).allowed).toBe(true);
  expect(asked).toBe(2);
  silence.reject(new Error("Command timed out"));
  expect((await probe).allowed).toBe(true);
});
