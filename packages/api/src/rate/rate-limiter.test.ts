import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
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

/** Sets the clock of this process; what only runs forward goes on as it was. */
function setClock(minutes: number) {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes * 60_000 });
}
afterEach(() => void vi.useRealTimers());

it("promises nobody a longer wait than a minute when the clock is set back", async () => {
  const { log } = quietLog();
  const limiter = createRateLimiter({ most: 1, processes: 1, shared: null, log });
  await limiter.consume("a");
  setClock(-10);
  const { allowed, resetSeconds } = await limiter.consume("a");
  expect([allowed, resetSeconds]).toEqual([false, 60]);
});

it("keeps nobody out for longer than a minute when the clock is set back", async () => {
  const { log } = quietLog();
  const answers: [number, number][] = [
    [3, 60_000],
    [1, 60_000],
  ];
  const client = redis(async () => answers.shift() ?? [2, 60_000]);
  const limiter = createRateLimiter({ most: 1, processes: 1, shared: { by: "redis", client }, log });
  expect(await limiter.consume("a")).toMatchObject({ allowed: false });
  setClock(-10);
  expect(await limiter.consume("a")).toMatchObject({ allowed: true, remaining: 0 });
});

it("counts in this process alone where nobody counts for all", async () => {
  const { log, said } = quietLog();
  const limiter = createRateLimiter({ most: 2, processes: 4, shared: null, log });
  const statuses = [await limiter.consume("a"), await limiter.consume("a"), await limiter.consume("a")];
  expect(statuses.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
    [true, 1],
    [true, 0],
    [false, 0],
  ]);
  expect(await limiter.consume("b")).toMatchObject({ allowed: true, remaining: 1, limit: 2 });
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
  const limiter = createRateLimiter({ most: 8, processes: 4, shared: { by: "redis", client }, log });
  const allowed = [];
  for (let n = 0; n < 4; n += 1) allowed.push((await limiter.consume("a")).allowed);
  expect(allowed).toEqual([true, true, false, false]);
  expect(asked).toBe(1);
  expect(said).toHaveLength(1);

  works = true;
  await sleep(1_050);
  expect(await limiter.consume("a")).toEqual({ allowed: true, limit: 8, remaining: 1, resetSeconds: 30 });
  expect(said).toHaveLength(2);
  expect(said[1]).toContain("again");
});

it("takes the answer that came while this process was busy itself", async () => {
  const { log, said } = quietLog();
  // What a file system answers is read where answers of the network are.
  const client = redis(() => stat(import.meta.filename).then(() => [1, 60_000]));
  const limiter = createRateLimiter({ most: 8, processes: 4, shared: { by: "redis", client }, log });
  const rateLimitStatus = limiter.consume("a");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
  expect(await rateLimitStatus).toMatchObject({ allowed: true, remaining: 7 });
  expect(said).toEqual([]);
});

it("waits no longer than a moment for somebody who is silent", async () => {
  const { log, said } = quietLog();
  const client = redis(() => new Promise(() => {}));
  const limiter = createRateLimiter({ most: 8, processes: 4, shared: { by: "redis", client }, log });
  expect(await limiter.consume("a")).toMatchObject({ allowed: true, remaining: 1 });
  expect(said).toHaveLength(1);
});

it("makes one call wait for somebody who is silent, and not the others", async () => {
  const { log } = quietLog();
  const silence = Promise.withResolvers<[number, number]>();
  let asked = 0;
  const client = redis(() => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error("away")) : silence.promise;
  });
  const limiter = createRateLimiter({ most: 100, processes: 1, shared: { by: "redis", client }, log });
  await limiter.consume("a");
  await sleep(1_050);
  const probe = limiter.consume("a");
  for (let n = 0; n < 20; n += 1) expect((await limiter.consume("a")).allowed).toBe(true);
  expect(asked).toBe(2);
  silence.reject(new Error("Command timed out"));
  expect((await probe).allowed).toBe(true);
});
