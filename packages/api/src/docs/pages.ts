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
  /** Files to copy that pages lead to, by their paths in this repository. */
  samples: ReadonlySet<string>;
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

/**
 * What somebody copies who has a server's address and not its repository. Each is named: what an installation has left in these
 * folders is for nobody else. Those of `deploy` are not among them, because who runs a server has the repository, and writes
 * addresses and secrets into them. A test holds that none is missing.
 */
const samples: ReadonlySet<string> = new Set(
  Object.entries({
    "examples/node": ["delete-chats.ts", "package.json", "tsconfig.json"],
    "examples/python": ["delete_chats.py"],
    "examples/vite-react": [
      ...["chat.html", "index.html", "package.json", "tsconfig.json", "vite.config.js"],
      ...["src/chat.tsx", "src/main.tsx", "src/token.ts"],
    ],
  }).flatMap(([folder, names]) => names.map((name) => `${folder}/${name}`)),
);

/** Pages that lie beside samples. */
const readmes = ["examples/README", "examples/vite-react/README"];

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
  const slugs = names.filter((name) => name.endsWith(".md")).map((name) => name.slice(0, -".md".length));
  const pages = await Promise.all([
    ...slugs.sort().map((slug) => readPage(slug, slug)),
    ...readmes.map((slug) => readPage(slug, `../${slug}`)),
  ]);
  return {
    pages: new Map(pages.map((page) => [page.slug, page])),
    pictures: new Set(names.filter((name) => /^[\w-]+\.(?:png|svg)$/.test(name))),
    samples,
  };
}

async function readPage(slug: string, path: string): Promise<DocsPage> {
  const text = await readFile(new URL(`${path}.md`, folder), "utf8");
  // What tests are told of a sample is nothing to its reader.
  const markdown = text.replaceAll(/^<!-- sample: .* -->\n/gm, "");
  return { slug, title: /^# (.+)$/m.exec(markdown)?.[1] ?? slug, markdown };
}

/** The text of one of the samples. */
export const readSample = (path: string): Promise<string> => readFile(new URL(`../${path}`, folder), "utf8");

/** The bytes of a picture that `readDocs` has found. */
export const readPicture = async (name: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(new URL(name, folder)));
