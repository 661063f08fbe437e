import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { html } from "hono/html";
import { describeOperations } from "./describe-operations.ts";
import { framed } from "./frame.ts";
import { contents, type Docs, readDocs, readPicture, readSample } from "./pages.ts";
import { renderPage } from "./render-markdown.ts";
import { indexDocs } from "./search-docs.ts";

export type DocsFile = { type: string; body: string | Uint8Array<ArrayBuffer>; etag: string };

/** What is served under `/docs`, and to language models under `/llms.txt` and `/llms-full.txt` (llmstxt.org). */
export type DocsSite = {
  /** What lies at a path below `/docs`, such as `rest`, `rest.md`, `dashboard.png` or `examples/python/delete_chats.py`; undefined: nothing. */
  file(path: string): Promise<DocsFile | undefined>;
  /** The page of a search, as markup. */
  search(words: string): string | Promise<string>;
  llms(full: boolean): DocsFile;
};

/** Reads the pages and adds the reference, which is made of the OpenAPI document. */
export async function openDocs(describeApi: () => unknown): Promise<DocsSite> {
  const read = await readDocs();
  const reference = { slug: "api", title: "API reference", markdown: describeOperations(describeApi()) };
  const docs: Docs = { ...read, pages: new Map([...read.pages, ["api", reference]]) };
  const made = new Map<string, DocsFile>();
  let search: ReturnType<typeof indexDocs> | undefined;

  async function make(path: string): Promise<DocsFile | undefined> {
    const page = docs.pages.get(path);
    if (page) {
      const body = renderPage(page, docs);
      return fileOf(
        "text/html; charset=utf-8",
        `${await framed({ title: page.title, docs, slug: path, body })}`,
      );
    }
    const source = path.endsWith(".md") ? docs.pages.get(path.slice(0, -".md".length)) : undefined;
    if (source) return fileOf("text/markdown; charset=utf-8", source.markdown);
    // Text, whatever it is: nobody is to run it here.
    if (docs.samples.has(path)) return fileOf("text/plain; charset=utf-8", await readSample(path));
    const asset = assets.get(path);
    if (asset) return fileOf(asset, await readFile(new URL(path, import.meta.url), "utf8"));
    if (docs.pictures.has(path))
      return fileOf(path.endsWith(".svg") ? "image/svg+xml" : "image/png", await readPicture(path));
    return undefined;
  }

  return {
    file: async (path) => {
      const known = made.get(path);
      if (known) return known;
      const file = await make(path);
      // What there is is bounded by what lies in the folder, and by the samples.
      if (file) made.set(path, file);
      return file;
    },
    search: async (words) => {
      search ??= indexDocs(docs);
      const found = words.trim() === "" ? [] : search(words);
      const body = html`<h1>Search</h1>
        <p role="status">${words.trim() === "" ? "Type what you look for." : `${found.length === 0 ? "Nothing" : found.length} found for “${words}”`}</p>
        <ol class="found">
          ${found.map(
            ({ slug, id, title, heading, excerpt }) => html`<li>
              <a href="/docs/${slug}${id === "" ? "" : `#${id}`}">${title}${heading === "" || heading === title ? "" : ` › ${heading}`}</a>
              <p>${excerpt}</p>
            </li>`,
          )}
        </ol>`;
      return `${await framed({ title: "Search", docs, words, body })}`;
    },
    llms: (full) => fileOf("text/plain; charset=utf-8", full ? everything(docs) : overview(docs)),
  };
}

const assets = new Map([
  ["assets/docs.css", "text/css; charset=utf-8"],
  ["assets/docs.js", "text/javascript; charset=utf-8"],
]);

const fileOf = (type: string, body: DocsFile["body"]): DocsFile => ({
  type,
  body,
  // Weak: compressed or not, it is the same page.
  etag: `W/"${createHash("sha256").update(body).digest("base64url")}"`,
});

function overview({ pages }: Docs): string {
  const parts = contents.map(({ title, slugs }) => {
    const lines = slugs.flatMap((slug) => {
      const page = pages.get(slug);
      return page ? [`- [${page.title}](/docs/${slug}.md)`] : [];
    });
    return `## ${title}\n\n${lines.join("\n")}`;
  });
  const about = "> A self-hosted, multi-tenant chat store that can truly forget.";
  return `${["# Lethe", about, "All pages in one: [/llms-full.txt](/llms-full.txt).", ...parts].join("\n\n")}\n`;
}

const everything = ({ pages }: Docs): string =>
  contents
    .flatMap(({ slugs }) => slugs.flatMap((slug) => pages.get(slug)?.markdown ?? []))
    .join("\n\n---\n\n");
