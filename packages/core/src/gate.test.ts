import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { codeOf } from "../test/world.ts";
import { LetheError } from "./errors.ts";
import { Gate } from "./gate.ts";

const refusal = () => new LetheError("TOO_MANY_REQUESTS", "rate_limited", "One too many", { retryAfter: 1 });

it("lets a holder have so much under way and no more, in order, and others beside it", async () => {
  const gate = new Gate({ places: 2, queue: { length: 3, waitMs: 10_000 }, refusal });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const call = (name: string, label: string) =>
    gate.run(name, async () => {
      begun.push(label);
      await new Promise<void>((resolve) => ends.set(label, resolve));
      return label;
    });
  const calls = ["a1", "a2", "a3", "a4", "a5"].map((label) => call("a", label));
  expect(await codeOf(call("a", "a6"))).toBe("TOO_MANY_REQUESTS");
  calls.push(call("b", "b1"));
  await expect.poll(() => begun).toEqual(["a1", "a2", "b1"]);
  ends.get("a2")?.();
  await expect.poll(() => begun.at(-1)).toBe("a3");
  ends.get("a1")?.();
  await expect.poll(() => begun.at(-1)).toBe("a4");
  for (const label of ["a3", "a4", "b1"]) ends.get(label)?.();
  await expect.poll(() => begun.at(-1)).toBe("a5");
  ends.get("a5")?.();
  expect(await Promise.all(calls)).toEqual(["a1", "a2", "a3", "a4", "a5", "b1"]);
});

it("gives a place back after a failure, once, and lets nobody wait longer than it says", async () => {
  const gate = new Gate({ places: 1, queue: { length: 9, waitMs: 30 }, refusal });
  await expect(gate.run("a", () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  const leave = await gate.enter("a");
  expect(await Promise.all([codeOf(gate.enter("a")), codeOf(gate.enter("a"))])).toEqual([
    "TOO_MANY_REQUESTS",
    "TOO_MANY_REQUESTS",
  ]);
  leave();
  leave();
  const second = await gate.enter("a");
  const third = codeOf(gate.enter("a"));
  await sleep(0);
  second();
  expect(await third).toBe("ok");
  expect(await codeOf(new Gate({ places: 0, refusal }).enter("a"))).toBe("TOO_MANY_REQUESTS");
});

it("lets a place rest before it is handed on, and not where nobody waits", async () => {
  const gate = new Gate({
    ...{ places: 1, queue: { length: 9, waitMs: 10_000 }, refusal },
    rest: { times: 1_000, mostMs: 60 },
  });
  const had = async () => {
    const leave = await gate.enter("a");
    await sleep(1);
    leave();
    return performance.now();
  };
  const [first, second] = await Promise.all([had(), had()]);
  // Timers may be early by a part of a millisecond.
  expect(second - first).toBeGreaterThan(58);
  const leave = await gate.enter("a");
  leave();
  expect(await Promise.race([gate.enter("a").then(() => "at once"), sleep(0, "later")])).toBe("at once");
});

it("waits no longer than its caller does, who may have waited elsewhere already", async () => {
  const gate = new Gate({ places: 1, queue: { length: 9, waitMs: 10_000 }, refusal });
  const leave = await gate.enter("a");
  const late = codeOf(gate.enter("a", performance.now() - 1));
  await sleep(5);
  leave();
  expect(await late).toBe("TOO_MANY_REQUESTS");
});
