import MiniSearch from "minisearch";
import type { Docs } from "./pages.ts";
import { sectionsOf } from "./render-markdown.ts";

export type Found = {
  slug: string;
  /** The page, and the section in it. */
  title: string;
  heading: string;
  id: string;
  excerpt: string;
};

/** Sections that one search answers. */
const most = 30;
/** Characters of an excerpt, and of it before the first word that is found. */
const excerptSize = { all: 220, before: 60 };

type Entry = Found & { key: number; text: string };

/** Looks up sections of the documentation by words, by their beginnings, and with a wrong letter in longer ones. */
export function indexDocs(docs: Docs): (words: string) => Found[] {
  const entries: Entry[] = [];
  for (const page of docs.pages.values())
    for (const { id, heading, text } of sectionsOf(page))
      entries.push({
        key: entries.length,
        slug: page.slug,
        title: page.title,
        heading,
        id,
        text,
        excerpt: "",
      });
  const index = new MiniSearch<Entry>({
    idField: "key",
    fields: ["title", "heading", "text"],
    searchOptions: {
      boost: { title: 3, heading: 4 },
      prefix: true,
      fuzzy: (term) => (term.length > 5 ? 0.2 : false),
      combineWith: "AND",
    },
  });
  index.addAll(entries);
  return (words) =>
    index
      .search(words)
      .slice(0, most)
      .flatMap(({ id: key, terms }) => {
        const entry = entries[Number(key)];
        if (entry === undefined) return [];
        const { slug, title, heading, id, text } = entry;
        return [{ slug, title, heading, id, excerpt: excerptOf(text, terms) }];
      });
}

function excerptOf(text: string, terms: readonly string[]): string {
  const lower = text.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const from = Math.max(0, Math.min(...places, text.length) - excerptSize.before);
  const start = places.length === 0 || from === 0 ? 0 : text.indexOf(" ", from) + 1;
  const part = text.slice(start, start + excerptSize.all).trim();
  return `${start > 0 ? "…" : ""}${part}${start + excerptSize.all < text.trimEnd().length ? "…" : ""}`;
}
