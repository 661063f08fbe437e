import { expect, test } from "vitest";
import { median, quantile } from "./quantile.ts";

test("the median of an even number of turns lies between the two in the middle", () => {
  expect([median([3, 1]), median([4, 1, 2, 8]), median([3, 1, 2]), median([7])]).toEqual([2, 3, 2, 7]);
  expect(median([])).toBeNaN();
});

test("a quantile is one of the values", () => {
  expect([0, 0.5, 0.99, 1].map((q) => quantile([10, 30, 20, 40], q))).toEqual([10, 20, 40, 40]);
});
