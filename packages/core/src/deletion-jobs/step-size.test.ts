import { expect, it } from "vitest";
import { limits } from "../limits.ts";
import { StepSize } from "./step-size.ts";

/** The sizes of steps that take so long for each chat, and so long whatever they do; milliseconds. */
function sizes(steps: number, { chat = 0, step = 0 }): number[] {
  const size = new StepSize();
  return Array.from({ length: steps }, () => {
    size.learn(size.current, step + chat * size.current);
    return size.current;
  });
}

it("comes to what takes 15 ms within a few steps", () => {
  expect(sizes(3, { chat: 0.04 }).at(-1)).toBe(375);
  expect(sizes(20, { chat: 0.05, step: 5 }).at(-1)).toBeGreaterThan(190);
});

it("is no more than a call may have, and not so little that the way there and back is all that it takes", () => {
  expect(sizes(9, { chat: 0.001 }).at(-1)).toBe(limits.deleteBatch);
  expect(sizes(9, { step: 1_000 }).at(-1)).toBe(100);
});

it("comes down to the one chat that the database refuses, and up again behind it", () => {
  const size = new StepSize();
  for (const expected of [12, 1, 1]) {
    size.refused();
    expect(size.current).toBe(expected);
  }
  for (const expected of [2, 4, 8]) {
    size.learn(size.current, 5);
    expect(size.current).toBe(expected);
  }
  // However long a step takes: on a busy machine one chat takes as long as many.
  size.learn(8, 1_000);
  expect(size.current).toBe(16);
});

it("makes up for one slow step with the next, and is not led astray by a search that finds little", () => {
  const size = new StepSize();
  size.learn(size.current, 5);
  const before = size.current;
  size.learn(before, 4_000);
  expect(size.current).toBe(before / 2);
  size.learn(size.current, 5);
  expect(size.current).toBe(before);
  size.learn(1, 10);
  expect(size.current).toBe(before);
});
