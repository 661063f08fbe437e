import { readdir, readFile } from "node:fs/promises";

/** A page of the documentation, which lies as Markdown in `docs/` of this repository. */
export type DocsPage = {
  /** Its address under `/docs`: the file's name without `.md`, such as `rest` or `adr/0001-door-and-vault`. */
  slug: string;
  /** Its first heading. */
  title: string;
  markdown: string;
};

export type Docs = {
  /** By slug. */
  pages: ReadonlyMap<string, DocsPage>;
  /** Pictures that lie beside the pages, by name. */
  pictures: ReadonlySet<string>;
};

/** The pages in the order in which somebody reads who is new. A test holds that each page stands here once. */
export const contents: readonly { title: string; slugs: readonly string[] }[] = [
  { title: "Begin", slugs: ["quickstart", "deletion", "trash", "bulk", "export"] },
  {
    title: "Programs",
    slugs: ["api", "rest", "errors", "retries", "limits", "websocket", "webhooks", "receipts"],
  },
  { title: "Frontends", slugs: ["client", "frontends", "dashboard"] },
  { title: "People", slugs: ["people", "security", "leaving"] },
  {
    title: "Operation",
    slugs: [
      "configuration",
      "command-line",
      "operations",
      "growing",
      "scaling",
      "restore",
      "upgrading",
      "performance",
    ],
  },
];

/** Where the pages lie: at the root of this repository, also where a bundle of this file runs. */
const folder = new URL("../../../../docs/", import.meta.url);

let read: Promise<Docs> | undefined;

/** All pages, read at the first call. A failure is not kept. */
export function readDocs(): Promise<Docs> {
  read ??= readFolder().catch((error: unknown) => {
    read = undefined;
    throw error;
  });
  return read;
}

async function readFolder(): Promise<Docs> {
  const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll("\\", "/"));
  const pages = await Promise.all(
    names
      .filter((name) => name.endsWith(".md"))
      .sort()
      .map(async (name): Promise<DocsPage> => {
        const text = await readFile(new URL(name, folder), "utf8");
        // What tests are told of a sample is nothing to its reader.
        const markdown = text.replaceAll(/^<!-- sample: .* -->\n/gm, "");
        const slug = name.slice(0, -".md".length);
        return { slug, title: /^# (.+)$/m.exec(markdown)?.[1] ?? slug, markdown };
      }),
  );
  return {
    pages: new Map(pages.map((page) => [page.slug, page])),
    pictures: new Set(names.filter((name) => /^[\w-]+\.(?:png|svg)$/.test(name))),
  };
}

/** The bytes of a picture that `readDocs` has found. */
export const readPicture = async (name: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(new URL(name, folder)));
