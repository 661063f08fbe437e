import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./support/samples.ts";

describe("the links of the documentation", () => {
  const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root });
  /** The name that a heading is linked by, as GitHub makes it. */
  const anchor = (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
  const textOf = (page: string) => readFile(join(root, page), "utf8");
  const anchorsOf = async (page: string) =>
    [...(await textOf(page)).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchor(heading));

  it("lead to files and headings that exist", async () => {
    expect(pages.length).toBeGreaterThan(40);
    const broken: string[] = [];
    for (const page of pages) {
      const text = (await textOf(page)).replaceAll(/^```.*?^```/gms, "");
      for (const [, link = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [path = "", heading] = link.split("#");
        const target = path === "" ? page : relative(root, join(root, dirname(page), path));
        const there = globSync(target, { cwd: root }).length > 0;
        const right = there && (heading === undefined || (await anchorsOf(target)).includes(heading));
        if (!right) broken.push(`${page}: ${link}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it("ARCHITECTURE.md names files that exist, and a DELETE passes no more than twenty", async () => {
    const page = await textOf("ARCHITECTURE.md");
    const filesIn = (text: string) => [
      ...new Set(
        [...text.matchAll(/`((?:apps|packages|prisma|e2e)\/[^`\s]+)`/g)].map(([, path = ""]) => path),
      ),
    ];
    const named = filesIn(page);
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((path) => globSync(path, { cwd: root }).length === 0)).toEqual([]);
    const [walk = ""] = page.split("## A DELETE over REST")[1]?.split("\n## ") ?? [];
    expect(filesIn(walk).length).toBeLessThanOrEqual(20);
  });
});
