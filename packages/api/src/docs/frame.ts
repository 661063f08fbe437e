import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { contents, type Docs } from "./pages.ts";

type Frame = {
  title: string;
  docs: Docs;
  /** The page that is shown, or undefined. */
  slug?: string | undefined;
  /** What was searched for. */
  words?: string | undefined;
  /** What stands in the page, as markup. */
  body: string | HtmlEscapedString | Promise<HtmlEscapedString>;
};

/** A page of the documentation: navigation, search, and what it says. It is whole without a script. */
export const framed = ({ title, docs, slug, words = "", body }: Frame) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} · Lethe</title>
    <link rel="stylesheet" href="/docs/assets/docs.css" />
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    ${slug === undefined ? "" : html`<link rel="alternate" type="text/markdown" href="/docs/${slug}.md" />`}
    <script src="/docs/assets/docs.js" defer></script>
  </head>
  <body>
    <a class="skip" href="#content">Skip to the content</a>
    <header>
      <a class="home" href="/docs">Lethe</a>
      <form role="search" action="/docs/search">
        <input type="search" name="q" value="${words}" maxlength="100" placeholder="Search" aria-label="Search the documentation" />
      </form>
      <a href="/docs/api">API reference</a>
      <a href="/chats">Dashboard</a>
    </header>
    <div class="columns">
      <nav aria-label="Documentation">${contents.map((part) => partOf(part, docs, slug))}</nav>
      <main id="content">${typeof body === "string" ? raw(body) : body}</main>
    </div>
  </body>
</html>`;

const partOf = ({ title, slugs }: (typeof contents)[number], { pages }: Docs, shown: string | undefined) =>
  html`<h2>${title}</h2>
    <ul>
      ${slugs.map((slug) => {
        const page = pages.get(slug);
        const current = slug === shown ? raw(' aria-current="page"') : "";
        return page ? html`<li><a href="/docs/${slug}"${current}>${page.title}</a></li>` : "";
      })}
    </ul>`;
