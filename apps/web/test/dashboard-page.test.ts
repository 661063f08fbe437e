import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

/** The numbers of the points that the page promises. */
const promised = [...read("docs/dashboard.md").matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));

/** The numbers that titles of browser tests begin with, such as `"31, 32: a selection survives scrolling"`. */
const held = new Set(
  globSync("e2e/*.spec.ts", { cwd: root })
    .flatMap((path) => [...read(path).matchAll(/\b(?:test|describe)\(\s*["`]((?:\d+, )*\d+): /g)])
    .flatMap(([, numbers = ""]) => numbers.split(", ").map(Number)),
);

test("every point of the page on the dashboard is counted, and has a browser test under its number", () => {
  expect(promised).toEqual(promised.map((_, index) => index + 1));
  expect(promised.length).toBeGreaterThanOrEqual(60);
  expect(promised.filter((number) => !held.has(number))).toEqual([]);
  expect([...held].filter((number) => !promised.includes(number))).toEqual([]);
});
