import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { expect, it } from "vitest";
import type { Message } from "../../types.ts";
import { renderers } from "../export-chat.ts";
import { fileName } from "../file-name.ts";
import { escapeMarkdown } from "./markdown.ts";
import { plainText } from "./renderer.ts";

const nasty = fc.constantFrom(
  ..."<script>|</pre>|<!--|-->|&lt;|\" onload=|'|`|```|**|__|# |> |- |1. |[a](b)|![x](y)|http://x.org|www.x.org".split(
    "|",
  ),
  ..."a@b.org|javascript:alert(1)|<https://x.org>|\\|\n|\n\n|    |\t|---|===|~~~|[^1]:|x.com|\u202e|\u001b[2J".split(
    "|",
  ),
);
const text = fc
  .array(fc.oneof(nasty, fc.string({ unit: "grapheme", maxLength: 8 })), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join("").replaceAll("\u0000", ""))
  .filter((joined) => joined.trim() !== "");

const at = new Date("2026-11-24T12:00:00.000Z");
const head = (title: string) => ({
  exportId: "0d0dc7a5-8e0c-4d3e-9a0f-5f0c6d8f7a11",
  exportedAt: at,
  chat: {
    id: "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d",
    title,
    createdAt: at,
    updatedAt: at,
    trashedAt: null,
    messageCount: 1,
    version: 2,
  },
});
const message = (author: string, body: string): Message => ({
  id: "4a8e19db-d6a3-47c0-a96d-84cf876b62c8",
  chatId: "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d",
  seq: 1,
  author,
  body,
  createdAt: at,
});
const written = (format: keyof typeof renderers, title: string, author: string, body: string) => {
  const { begin, message: one, end } = renderers[format];
  return begin(head(title)) + one(message(author, body), undefined) + end(head(title));
};

it("HTML has the tags of the page and none of a text", () => {
  const tags = (page: string) => page.match(/<[^>]*>/g)?.map((tag) => tag.replace(/class="h\d"/, ""));
  const plain = tags(written("html", "title", "author", "body"));
  fc.assert(
    fc.property(text, text, text, (title, author, body) => {
      expect(tags(written("html", title, author, body))).toEqual(plain);
    }),
  );
});

it("Markdown shows a text as it is: no link, image, HTML, heading, list, quotation or block of code", () => {
  const parser = new MarkdownIt({ html: true, linkify: true });
  const harmless = new Set(["paragraph_open", "paragraph_close", "inline"]);
  const inline = new Set(["text", "text_special", "code_inline", "hardbreak", "softbreak"]);
  fc.assert(
    fc.property(text, (body) => {
      const tokens = parser.parse(escapeMarkdown(body), {});
      const children = tokens.flatMap((token) => token.children ?? []);
      expect(tokens.map(({ type }) => type).filter((type) => !harmless.has(type))).toEqual([]);
      expect(children.map(({ type }) => type).filter((type) => !inline.has(type))).toEqual([]);
      const shown = children.map(({ content }) => content).join("");
      expect(shown.replace(/[\s\u00a0]/g, "")).toBe(plainText(body).replace(/[\s\u00a0]/g, ""));
    }),
    { numRuns: 500 },
  );
});

it("a Markdown file has its own headings and nothing else of a title or an author", () => {
  const parser = new MarkdownIt({ html: true, linkify: true });
  fc.assert(
    fc.property(text, text, (title, author) => {
      const tokens = parser.parse(written("markdown", title, author, "body"), {});
      const types = tokens.flatMap(({ type, children }) => [
        type,
        ...(children ?? []).map((child) => child.type),
      ]);
      expect(types.filter((type) => type === "heading_open")).toHaveLength(2);
      expect(types.filter((type) => /link|image|html|list|fence|quote/.test(type))).toEqual([]);
    }),
  );
});

it("JSON and NDJSON read back as they were, in lines for everybody and harmless on a terminal", () => {
  fc.assert(
    fc.property(text, text, text, (title, author, body) => {
      const json = written("json", title, author, body);
      expect(JSON.parse(json)).toMatchObject({ chat: { title }, messages: [{ author, body }] });
      const lines = written("ndjson", title, author, body).split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/);
      expect(lines).toHaveLength(3);
      expect(JSON.parse(lines[1] ?? "")).toMatchObject({ author, body });
      expect(json).not.toMatch(/(?!\n)\p{Cc}/u);
    }),
  );
});

it("names of files are short, visible, nobody's device and no path", () => {
  fc.assert(
    fc.property(text, (title) => {
      const name = fileName(title, "json");
      expect(Buffer.byteLength(name)).toBeLessThan(140);
      expect(name).toMatch(/^[^\s./\\][^/\\]*\.json$/u);
      expect(name).not.toMatch(/\p{Cc}|\p{Cf}|["*:<>?|]/u);
    }),
  );
});

it.each([
  ["../../etc/passwd", "etc passwd.json"],
  ["CON", "chat CON.json"],
  ["com1.txt", "chat com1.txt.json"],
  ["...", "chat.json"],
  ["-rf *", "rf.json"],
  ["a\u202egnp.exe", "a gnp.exe.json"],
  ["🌊".repeat(200), `${"🌊".repeat(30)}.json`],
])("makes of %j the name %j", (title, name) => {
  expect(fileName(title, "json")).toBe(name);
});
