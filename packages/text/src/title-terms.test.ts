import fc from "fast-check";
import { expect, it } from "vitest";
import { foldText, foldTitle, partTerms } from "./index.ts";

const tenant = "5f0f6b4e-4a0c-4f57-9d2b-0e8a4d0b1c2d";
const characters = fc.constantFrom(..."ab0 .-%é東京🎉");
const titles = fc.array(characters, { maxLength: 12 }).map((all) => foldText(all.join("")));

/** What an index answers that has but this title. */
function isFound(title: string, part: string, sample: string[] = []): boolean {
  const asked = partTerms(tenant, part, sample);
  if (asked === undefined) return true;
  const terms = new Set(foldTitle(tenant, title).terms);
  return asked.match === "all"
    ? asked.terms.every((term) => terms.has(term))
    : asked.terms.some((term) => terms.has(term));
}

it("finds every title by every part of it, however short and in whatever script", () => {
  fc.assert(
    fc.property(titles, fc.nat(), fc.nat(), fc.array(titles), (title, from, length, sample) => {
      const all = [...title];
      if (all.length === 0) return;
      const start = from % all.length;
      const part = all.slice(start, start + 1 + (length % (all.length - start))).join("");
      expect(isFound(title, part, sample)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  ["zz", "pizza", true],
  ["zz", "zebra z", false],
  ["zé", "cafzé", true],
  ["京", "東京", true],
  ["京", "東都", false],
  ["%", "100 %", true],
  ["%", "100", false],
  ["abcd", "abc bcd", true],
  ["abcd", "abc", false],
] as const)("asked for %j, looks at %j: %s", (part, title, found) => {
  expect(isFound(title, part)).toBe(found);
});

it("asks for what few titles have together, and for other numbers in another tenant", () => {
  const number = (gram: string, of = tenant) => partTerms(of, gram)?.terms[0];
  const asked = (part: string, sample: string[]) => partTerms(tenant, part, sample)?.terms;
  // What is in every title is not asked for, what is rare is asked for first.
  expect(asked("thezoo", ["the one", "the other", "on the way"])).not.toContain(number("the"));
  // Nothing has "abc" and "cde" together, and everything with "abc" has "bcd", which is rarer than "cde".
  const titles = Array.from({ length: 20 }, (_, n) => (n < 9 ? "abcd" : "cde"));
  expect(asked("abcde", titles)?.slice(0, 2)).toEqual([number("abc"), number("cde")]);
  expect(asked("a long part of a title", [])).toHaveLength(3);
  expect(asked("zoo", [])).not.toContain(number("zoo", tenant.replace("5", "6")));
  expect(partTerms(tenant, "e")).toBeUndefined();
});
