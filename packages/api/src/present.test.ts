import fc from "fast-check";
import { expect, it } from "vitest";
import { timeText } from "./present.ts";

it("is what toISOString answers, of any time and whatever was written before", () => {
  const near = fc.integer({ min: -200_000_000, max: 200_000_000 }).map((ms) => new Date(ms));
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.date({ noInvalidDate: true }), near), { minLength: 2 }), (times) => {
      expect(times.map(timeText)).toEqual(times.map((time) => time.toISOString()));
    }),
    { numRuns: 500 },
  );
});

it("refuses what is no time", () => {
  expect(() => timeText(new Date(Number.NaN))).toThrow(RangeError);
});
