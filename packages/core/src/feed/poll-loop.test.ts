import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished, vi } from "vitest";
import { createPollLoop, type PollResult } from "./poll-loop.ts";

type Answer = () => Promise<PollResult>;

function loopOf(answer: Answer, pollMs = 60_000) {
  const polls: number[] = [];
  const errors: unknown[] = [];
  let atOnce = 0;
  let most = 0;
  const loop = createPollLoop({
    pollMs,
    onError: (error) => errors.push(error),
    poll: async () => {
      polls.push(performance.now());
      atOnce += 1;
      most = Math.max(most, atOnce);
      try {
        return await answer();
      } finally {
        atOnce -= 1;
      }
    },
  });
  onTestFinished(() => loop.close());
  loop.start();
  return { loop, polls, errors, mostAtOnce: () => most };
}

it("makes one poll and one after it out of any number of wakes", async () => {
  const { loop, polls, mostAtOnce } = loopOf(async () => {
    await sleep(50);
    return "idle";
  });
  await expect.poll(() => polls).toHaveLength(1);
  for (let n = 0; n < 100; n += 1) loop.wake();
  await sleep(300);
  expect(polls).toHaveLength(2);
  expect(mostAtOnce()).toBe(1);
});

it("makes few polls out of wakes that follow one another closely", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const { loop, polls } = loopOf(async () => "idle");
  for (let n = 0; n < 100; n += 1) {
    loop.wake();
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(polls.length).toBeGreaterThan(8);
  expect(polls.length).toBeLessThan(12);
});

it("polls at once for more, and slowly otherwise", async () => {
  const results: PollResult[] = ["more", "more", "more", "more", "idle"];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const { polls } = loopOf(async () => results.shift() ?? "idle", 300);
  await vi.advanceTimersByTimeAsync(9);
  expect(polls).toHaveLength(5);
  await vi.advanceTimersByTimeAsync(290);
  expect(polls).toHaveLength(5);
  await vi.advanceTimersByTimeAsync(10);
  expect(polls).toHaveLength(6);
});

it("backs off while it fails, whoever wakes it, and recovers", async () => {
  let failing = true;
  const { loop, polls, errors } = loopOf(async () => {
    if (failing) throw new Error("away");
    return "idle";
  }, 100);
  const waking = setInterval(() => loop.wake(), 5);
  await sleep(900);
  expect(polls.length).toBeLessThanOrEqual(4);
  expect(errors).toHaveLength(polls.length);
  failing = false;
  await expect.poll(() => polls.length).toBeGreaterThan(6);
  clearInterval(waking);
});

it("is quiet once it is closed", async () => {
  const { loop, polls } = loopOf(async () => "more");
  await sleep(30);
  await loop.close();
  const count = polls.length;
  loop.wake();
  await sleep(50);
  expect(polls).toHaveLength(count);
});
