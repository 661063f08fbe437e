import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { expect, test } from "vitest";
import { mayBeMarkdown } from "./may-be-markdown.ts";

const parser = new MarkdownIt("default", { html: false, linkify: true, breaks: true });
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

/** What a text would be as Markdown: the types of its tokens. */
const typesOf = (text: string) =>
  new Set(
    parser
      .parse(text, {})
      .flatMap(({ type, children }) => [type, ...(children ?? []).map((child) => child.type)]),
  );

const plain = new Set(["paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak"]);

test("no text that is taken for plain has anything in Markdown", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ..."*_~`[]()<>#|\\&;!-+=:/.@ \t\n",
      "1.",
      "2)",
      "    ",
      "---",
      "===",
      "www.",
      "://",
      "//a.de",
      "mailto:",
      "a",
      "é",
      "א",
    ),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      fc.pre(!mayBeMarkdown(text));
      expect([...typesOf(text)].filter((type) => !plain.has(type))).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  "Hello!",
  "See you at 10:30 - or later?",
  "One\n\nTwo, e.g. example.com or ada@example.com",
  "1 + 1 = 2",
  "שלום",
])("%j needs no Markdown", (text) => expect(mayBeMarkdown(text)).toBe(false));

test.each([
  "**bold**",
  "- one",
  "1. one",
  "# title",
  "`code`",
  "https://example.com",
  "a\n---",
  "    code",
  "x &amp; y",
])("%j is read as Markdown", (text) => expect(mayBeMarkdown(text)).toBe(true));
