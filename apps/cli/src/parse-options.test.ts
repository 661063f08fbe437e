import { expect, test } from "vitest";
import { parseCount, parseDuration, parseId, parseName, parseTime } from "./parse-options.ts";

test.each([
  ["90m", 5_400_000],
  ["12h", 43_200_000],
  ["30d", 2_592_000_000],
  ["6w", 3_628_800_000],
  ["1y", 31_536_000_000],
])("%s is %i milliseconds", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "30", "d", "0d", "-1d", "1.5h", "1 d", "1d2h", "999999d", "1001y", "1constructor"])(
  "%j is no duration",
  (text) => {
    expect(() => parseDuration(text)).toThrow("30d");
  },
);

test("counts stay within their bounds", () => {
  const parse = parseCount(1, 10);
  expect([parse("1"), parse("10"), parse("007")]).toEqual([1, 10, 7]);
  for (const text of ["0", "11", "", "0x5", " 5", "٣"]) expect(() => parse(text)).toThrow("1 to 10");
});

test.each(["", " ", "\u200b", "a\u001b[31m", "a\u0000", "x".repeat(201)])("%j is no name", (text) => {
  expect(() => parseName(text)).toThrow(/name/);
});

test("times are moments that the database knows", () => {
  expect(parseTime(" 2027-01-31t12:00:00+01:00 ")).toEqual(new Date("2027-01-31T11:00:00Z"));
  for (const text of ["0000-06-01T00:00:00Z", "2027-02-30T00:00:00Z", "2027-01-31"]) {
    expect(() => parseTime(text)).toThrow("RFC 3339");
  }
});

test("ids come out as the database writes them", () => {
  expect(parseId(" A1B2C3D4-E5F6-4A7B-8C9D-0E1F2A3B4C5D ")).toBe("a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d");
  expect(() => parseId("a1b2c3d4")).toThrow("UUID");
});
