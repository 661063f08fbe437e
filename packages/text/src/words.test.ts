import fc from "fast-check";
import { expect, it } from "vitest";
import { findWanted, messageTerms, wantedIn, wantedTerms } from "./index.ts";

const tenant = "5f0f6b4e-4a0c-4f57-9d2b-0e8a4d0b1c2d";

/** What of a text is marked; null if it is not found. */
const marked = (text: string, query: string) =>
  findWanted(text, wantedIn(query))?.map(({ start, end }) => text.slice(start, end)) ?? null;

/** Whether the index leads to a text. */
function isFound(text: string, query: string): boolean {
  const terms = new Set(messageTerms(tenant, text));
  return wantedTerms(tenant, wantedIn(query)).every((term) => terms.has(term));
}

it.each([
  ["The invoice of Thursday", "thurs INV", ["invoice", "Thursday"]],
  ["The invoice", "voice", null],
  ["The invoice", "invoice friday", null],
  ["Cafe\u0301s, ﬁne", "caf\u00e9 fine", ["Cafe\u0301s", "ﬁne"]],
  ["STRA\u00dfE 7", "stra\u00adss", ["STRA\u00dfE"]],
  ["\u03bf\u03b4\u03bf\u03c2", "\u039f\u0394\u039f\u03a3", ["\u03bf\u03b4\u03bf\u03c2"]],
  ["it's INV-2026_0117!", "0117 it's", ["it", "s", "0117"]],
  ["it seems so", "it's", null],
  ["a cat", "a", ["a"]],
  ["at noon", "a", null],
  ["HR is there", "hr", ["HR"]],
  ["hrs", "hr", null],
  ["明日、東京都で会議", "東京", ["東京"]],
  ["明日、東京都で会議", "都会", null],
  ["京東、東 京", "東京", null],
  ["ｻｰﾊﾞｰが", "サーバー", ["ｻｰﾊﾞｰ"]],
  ["iPhone用", "iphone用", ["iPhone", "用"]],
  ["well done 🎉🇧🇪", "🎉 done", ["done", "🎉"]],
  ["ㄱ ㍿ x", "会社", ["㍿"]],
  ["100 %", "%", []],
] as const)("in %j finds %j: %j", (text, query, found) => {
  expect(marked(text, query)).toEqual(found);
  if (found) expect(isFound(text, query)).toBe(true);
});

it("leads to every text by the beginnings of its words, in whatever script, and by none of another tenant", () => {
  const characters = fc.constantFrom(..."abcde0 .-é\u0301ß東京🎉ｶﾞ\u00ad");
  fc.assert(
    fc.property(fc.array(characters), fc.array(characters, { maxLength: 6 }), (all, some) => {
      const [text, query] = [all.join(""), some.join("")];
      if (marked(text, query) !== null) expect(isFound(text, query)).toBe(true);
      expect(marked(text, text)).not.toBeNull();
    }),
    { numRuns: 500 },
  );
  const [one, other] = [tenant, tenant.replace("5", "6")].map((of) => messageTerms(of, "the same words"));
  expect(one?.filter((term) => other?.includes(term))).toEqual([]);
});
