import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const docs = new URL("../../../../docs/", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, docs), "utf8");

/** What a row of the page says that holds it: files, each with the titles of tests. */
const proofs = [
  ...read("security.md").matchAll(/\]\((\.\.\/[^)]+\.(?:test|spec)\.ts)\)((?:,? "[^"]+")*)/g),
].map(([, path = "", titles = ""]) => ({
  path,
  titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title),
}));

test("every test that the page on security names is there", () => {
  expect(proofs.length).toBeGreaterThan(20);
  for (const { path, titles } of proofs)
    for (const title of titles) expect(read(path), `${path}: ${title}`).toContain(title);
});
