import fc from "fast-check";
import { expect, test } from "vitest";
import { parser } from "./markdown-parser.ts";

/** What somebody reads of a text: that of its tokens. */
const textOf = (text: string) =>
  parser
    .parse(text, {})
    .flatMap(({ content, children }) => children?.map((child) => child.content) ?? [content])
    .join(" ");

test("however deep something stands in lists and quotations, it is read, with what comes after it", () => {
  const mark = fc.constantFrom("> ", "- ", "1. ");
  const text = fc.array(mark, { maxLength: 60 }).map((marks) => `${marks.join("")}deep\n\nafter`);
  fc.assert(
    fc.property(text, (said) => {
      expect(textOf(said)).toMatch(/deep.*after/s);
    }),
    { numRuns: 300 },
  );
});

test("a list whose items stand ever deeper keeps each of them, and what comes back out of the depth", () => {
  const items = Array.from({ length: 30 }, (_, depth) => `${"  ".repeat(depth)}- item${depth}`);
  const read = textOf([...items, "- last"].join("\n"));
  for (const word of [...items.map((item) => item.trim().slice(2)), "last"]) expect(read).toContain(word);
});
