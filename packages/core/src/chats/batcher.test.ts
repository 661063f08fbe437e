import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Batcher } from "./batcher.ts";

const separate = new Error("may be tried apart");

function batcherOf(
  run: (items: number[]) => Promise<string[]>,
  batchSize = 100,
  inFlight = 1,
  more: { weigh?: (item: number) => number; mostRunning?: number } = {},
) {
  const runs: number[][] = [];
  const batcher = new Batcher<number, string>({
    batchSize,
    inFlight,
    ...more,
    separable: (error) => error === separate,
    overload: () => new Error("overload"),
    run: (items) => {
      runs.push(items);
      return run(items);
    },
  });
  return { batcher, runs };
}

const echo = async (items: number[]) => {
  await sleep(5);
  return items.map(String);
};

/** Runs that end when they are told to, and do not count as slow before, however busy the machine is. */
function heldRuns() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const end = Promise.withResolvers<void>();
  const run = (items: number[]) => end.promise.then(() => items.map(String));
  return { run, end: end.resolve };
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

describe("a batcher", () => {
  it("starts a lone item before the next turn of the event loop", async () => {
    const { batcher, runs } = batcherOf(echo);
    const result = batcher.add(0);
    await turn();
    expect(runs).toEqual([[0]]);
    expect(await result).toBe("0");
  });

  it("serves together those that arrive together, and those that come meanwhile", async () => {
    const { run, end } = heldRuns();
    const { batcher, runs } = batcherOf(run);
    const early = upTo(20).map((item) => batcher.add(item));
    await turn();
    const late = upTo(50)
      .slice(20)
      .map((item) => batcher.add(item));
    await turn();
    end();
    expect(await Promise.all([...early, ...late])).toEqual(upTo(50).map(String));
    expect(runs).toEqual([upTo(20), upTo(50).slice(20)]);
  });

  it("has as many runs in flight as it may before items wait", async () => {
    const { run, end } = heldRuns();
    const { batcher, runs } = batcherOf(run, 100, 2);
    const results: Promise<string>[] = [];
    for (const item of upTo(50)) {
      results.push(batcher.add(item));
      if (item < 4) await turn();
    }
    end();
    await Promise.all(results);
    expect(runs).toEqual([[0], [1], upTo(50).slice(2)]);
  });

  it("takes no more at once than a run can", async () => {
    const { batcher, runs } = batcherOf(echo, 7);
    await Promise.all(upTo(30).map((item) => batcher.add(item)));
    expect(runs.map((run) => run.length)).toEqual([7, 7, 7, 7, 2]);
  });

  it("takes what weighs no more than a run can, and what weighs more by itself", async () => {
    const { batcher, runs } = batcherOf(echo, 10, 1, { weigh: (item) => item });
    await Promise.all([4, 6, 1, 25, 3, 3, 3, 3].map((item) => batcher.add(item)));
    expect(runs).toEqual([[4, 6], [1], [25], [3, 3, 3], [3]]);
  });

  it("does not let a slow run hold up the next", async () => {
    const slow = Promise.withResolvers<void>();
    const { batcher } = batcherOf(async (items) => {
      if (items.includes(0)) await slow.promise;
      return items.map(String);
    });
    const first = batcher.add(0);
    await turn();
    expect(await Promise.all([batcher.add(1), batcher.add(2)])).toEqual(["1", "2"]);
    slow.resolve();
    expect(await first).toBe("0");
  });

  it.each([
    { more: {}, most: 4 },
    { more: { mostRunning: 6 }, most: 6 },
  ])("has at most $most runs under way, however slow they are", async ({ more, most }) => {
    const { run, end } = heldRuns();
    const { batcher, runs } = batcherOf(run, 1, 1, more);
    const results = upTo(9).map((item) => batcher.add(item));
    for (const _ of results) {
      await turn();
      vi.advanceTimersByTime(60);
    }
    expect(runs).toHaveLength(most);
    end();
    expect(await Promise.all(results)).toEqual(upTo(9).map(String));
  });

  it("tries items apart that failed together, so that each has its own failure", async () => {
    const { batcher } = batcherOf(async (items) => {
      await sleep(1);
      if (items.includes(3)) throw separate;
      return items.map(String);
    });
    const results = await Promise.allSettled(upTo(6).map((item) => batcher.add(item)));
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
  });

  it("does not repeat what may have been done", async () => {
    const lost = new Error("connection lost");
    const { batcher, runs } = batcherOf(async (items) => {
      await sleep(1);
      if (items.length > 1) throw lost;
      return items.map(String);
    });
    const results = await Promise.allSettled(upTo(4).map((item) => batcher.add(item)));
    expect(results).toEqual(upTo(4).map(() => ({ status: "rejected", reason: lost })));
    expect(runs).toHaveLength(1);
  });

  it("refuses when too many wait, and serves those that do", async () => {
    const { batcher } = batcherOf(echo, 1_000);
    const results = await Promise.allSettled(upTo(10_005).map((item) => batcher.add(item)));
    const refused = results.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(5);
    expect(refused[0]).toMatchObject({ reason: { message: "overload" } });
  });
});
