const marks = new RegExp(
  [
    // Within a line: emphasis, code, links, tables, escapes and entities, addresses.
    String.raw`[*_~\`[\]<>|\\&]|\/\/|mailto:`,
    // At its beginning: headings, lists, rules and lines under headings, code that is indented.
    String.raw`^(?: {4}| {0,3}\t| {0,3}(?:#|[-+=]|\d{1,9}[.)]))`,
  ].join("|"),
  "im",
);

/** False for a text that would look the same without Markdown: most do, and need not load what reads it. */
export function mayBeMarkdown(text: string): boolean {
  return marks.test(text);
}
