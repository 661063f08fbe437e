import fc from "fast-check";
import { expect, it } from "vitest";
import { foldText } from "./index.ts";

it.each([
  ["the two spellings of an accent", "caf\u00e9", "cafe\u0301"],
  ["capitals", "\u00c9CLAIR", "\u00e9clair"],
  ["the sigma at the end of a word", "\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2"],
  ["sharp s, small and capital", "Stra\u00dfe STRA\u1e9eE", "STRASSE strasse"],
  ["full width", "\uff26\uff35\uff2c\uff2c\u3000\uff11", "full 1"],
  ["ligatures", "\ufb01nal", "final"],
  ["half width kana, and a voice mark apart", "\uff76\uff9e", "\u30ab\u3099"],
  ["any white space, however much", " a\u00a0\u2003b\t\n c\u3000", "a b c"],
  ["hyphens", "e\u2011mail", "E-Mail"],
  ["Turkish: I is the capital of both", "I\u015eIK \u0130STANBUL", "\u0131\u015f\u0131k istanbul"],
  ["what is not seen", "so\u00adft\u200b wa\ufe0fre\u2060 \u202eabc\u202c", "soft ware abc"],
  ["an emoji with and without its selector", "\u2764\ufe0f", "\u2764"],
  ["a Greek iota below", "\u1fb3", "\u0391\u0399"],
])("takes for the same: %s", (_, one, other) => {
  expect(foldText(one)).toBe(foldText(other));
});

it.each([
  ["accents", "r\u00e9sum\u00e9", "resume"],
  ["marks", "a+b", "a-b"],
  ["scripts", "\u0430", "a"],
  ["words and their parts", "a b", "ab"],
])("keeps apart: %s", (_, one, other) => {
  expect(foldText(one)).not.toBe(foldText(other));
});

it("folds once and for all, whatever form and case a text comes in", () => {
  const forms = ["NFC", "NFD", "NFKC", "NFKD"];
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const folded = foldText(text);
      expect(foldText(folded)).toBe(folded);
      for (const form of forms) expect(foldText(text.normalize(form))).toBe(folded);
      expect(foldText(text.toUpperCase())).toBe(folded);
      expect(foldText(text.toLowerCase())).toBe(folded);
      expect(foldText(`\u200b ${text}\u00ad\u3000`)).toBe(folded);
    }),
    { numRuns: 1_000 },
  );
});
