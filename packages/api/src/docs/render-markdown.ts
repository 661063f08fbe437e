import { posix } from "node:path";
import MarkdownIt, { type Token } from "markdown-it";
import type { Docs, DocsPage } from "./pages.ts";

/** A heading of a page, and the text up to the next. Before the first heading both `id` and `heading` are empty. */
export type Section = { id: string; heading: string; level: number; text: string };

const parser = new MarkdownIt("default", { html: false, linkify: false });
// A wide table scrolls in a frame of its own, which a keyboard reaches.
parser.renderer.rules.table_open = () => '<div class="table" role="group" tabindex="0">\n<table>\n';
parser.renderer.rules.table_close = () => "</table>\n</div>\n";

/**
 * A page as HTML: headings with anchors as GitHub makes them, links to other pages as links, and what leads to files of
 * the repository as text, because whoever reads here has the server and not its source.
 */
export function renderPage(page: DocsPage, docs: Docs): string {
  const tokens = parser.parse(page.markdown, {});
  nameHeadings(tokens);
  for (const token of tokens) {
    alignByClass(token);
    if (token.children) leadLinks(token.children, page, docs);
  }
  return parser.renderer.render(tokens, parser.options, {});
}

/** What a page is made of, for who looks something up in it. */
export const sectionsOf = ({ markdown }: DocsPage): Section[] => nameHeadings(parser.parse(markdown, {}));

/** Gives each heading its anchor. Answers what the page is made of. */
function nameHeadings(tokens: readonly Token[]): Section[] {
  const sections: Section[] = [{ id: "", heading: "", level: 1, text: "" }];
  const used = new Map<string, number>();
  for (const [index, token] of tokens.entries()) {
    if (token.type === "heading_open") {
      const heading = textOf(tokens[index + 1]);
      const name = anchorOf(heading);
      const times = used.get(name) ?? 0;
      used.set(name, times + 1);
      const id = times === 0 ? name : `${name}-${times}`;
      token.attrSet("id", id);
      sections.push({ id, heading, level: Number(token.tag.slice(1)), text: "" });
      continue;
    }
    const section = sections.at(-1);
    if (section && token.type === "inline" && tokens[index - 1]?.type !== "heading_open")
      section.text += `${textOf(token)} `;
    else if (section && token.type === "fence") section.text += `${token.content} `;
  }
  return sections.filter(({ heading, text }) => heading !== "" || text !== "");
}

/** What a heading is led to by, as GitHub makes it, where it is the first of its name on a page. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");

const textOf = (token: Token | undefined): string =>
  (token?.children ?? []).map(({ type, content }) => (type === "softbreak" ? " " : content)).join("");

/** Has a cell of a table say by its class where its text stands: the page's policy has no styles in attributes. */
function alignByClass(token: Token): void {
  const [, side] = /^text-align:(\w+)$/.exec(`${token.attrGet("style") ?? ""}`) ?? [];
  if (side !== undefined) token.attrs = [["class", side]];
}

/** Has links of a paragraph lead where they do here. */
function leadLinks(children: Token[], page: DocsPage, docs: Docs): void {
  let isText = false;
  for (const token of children) {
    if (token.type === "link_open") {
      const href = addressOf(`${token.attrGet("href") ?? ""}`, page, docs);
      isText = href === undefined;
      if (href !== undefined) token.attrSet("href", href);
    }
    if (isText && (token.type === "link_open" || token.type === "link_close")) {
      token.tag = "span";
      token.attrs = null;
    }
    if (token.type === "image") {
      const name = posix.join(posix.dirname(page.slug), `${token.attrGet("src") ?? ""}`);
      if (docs.pictures.has(name)) token.attrSet("src", `/docs/${name}`);
    }
  }
}

/** Where a link of a page leads here; undefined: to a file of the repository that is not served. */
export function addressOf(href: string, { slug }: DocsPage, { pages, samples }: Docs): string | undefined {
  if (/^(?:https?:|mailto:|#)/.test(href)) return href;
  const [path = "", anchor] = href.split("#", 2);
  // What lies beside the folder of the pages is served below it.
  const there = posix
    .join(posix.dirname(slug), path)
    .replace(/^\.\.\//, "")
    .replace(/\.md$|\/$/, "");
  const target = pages.has(`${there}/README`) ? `${there}/README` : there;
  if (!pages.has(target) && !samples.has(target)) return undefined;
  return `/docs/${target}${anchor === undefined ? "" : `#${anchor}`}`;
}
