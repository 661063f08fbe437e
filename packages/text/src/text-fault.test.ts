import { expect, it } from "vitest";
import { textFault } from "./index.ts";

it.each([
  ["", "name", null],
  ["Where to eat\tand drink\nin Berlin", "name", null],
  [" \u00a0\u2003", "name", "white space only"],
  ["\u200b\u0001", "prose", null],
  [" \n", "prose", "white space only"],
  ["a\u001b[2J", "name", "control character U+001B"],
  ["a\u0085b", "name", "control character U+0085"],
  ["a\u009bb", "name", "control character U+009B"],
  ["a\u001b[2J", "prose", null],
  ["a\ufffe", "prose", null],
  ["a\u0000", "prose", "U+0000"],
  ["a\ud800", "prose", "well-formed"],
  ["a\ufdd0", "name", "U+FDD0, which is no character"],
  ["a\ufffe", "name", "U+FFFE, which is no character"],
  ["a\u{10ffff}", "name", "U+10FFFF, which is no character"],
] as const)("says of %j as a %s: %s", (text, kind, fault) => {
  if (fault === null) expect(textFault(text, kind)).toBeNull();
  else expect(textFault(text, kind)).toContain(fault);
});

it.each([
  "\u200b\u200b",
  "\u00ad \ufe0f\u2800\u3164",
  "\u{1d159}",
  "\u{13441}\u{13442}",
  "\u{13430}\u{1343f}",
  "\u{16fe4}",
  "\ufffc",
  "\ufff9\ufffb",
  "\u115f\u1160\uffa0",
  "\u180e\u034f\u061c",
  "\u{e0041}\u{e007f}",
  "\u2066\u200f\u2069",
  "\u202a \u202c",
])("finds nothing to be seen in %j", (text) => {
  expect(textFault(text, "name")).toContain("can be seen");
});

it.each(["🙂", "❤️", "\u0600", "\u{110bd}", "\u0301", "\ue000", "\ufffd", "ㅤa", "。", "א", "𓀀", "\u{13460}"])(
  "finds something to be seen in %j",
  (text) => {
    expect(textFault(text, "name")).toBeNull();
  },
);

it.each([
  ["call \u202a+1 555\u202c back", null],
  ["\u2067שלום \u2066a\u2069\u2069 \u200f!", null],
  ["\u202eabc", "U+202E, which turns letters around"],
  ["a\u202dbc\u202c", "U+202D, which turns letters around"],
  ["a \u202bbc", "U+202B without U+202C"],
  ["a \u2068bc\u202c\u2069", "U+202C without what it closes"],
  ["a \u2066bc", "U+2066 without U+2069"],
  ["abc\u2069", "U+2069 without what it closes"],
] as const)("says of directions in %j: %s", (text, fault) => {
  if (fault === null) expect(textFault(text, "name")).toBeNull();
  else expect(textFault(text, "name")).toContain(fault);
});
