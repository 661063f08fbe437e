import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { demoApiKey } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { createCaller } from "./support/caller.ts";
import { examplesIn, openPage, type Page, root } from "./support/open-page.ts";

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

const createdSchema = z.object({ tenant_id: z.string(), api_key: z.string(), id: z.string().optional() });

describe("the examples of", () => {
  let page: Page;
  beforeAll(async () => {
    page = await openPage("command-line.md");
  });
  afterAll(() => page.close());

  /** A program of a page, for this server, run where the packages are found that it imports. */
  const write = async (code: string, where: string, name: string) => {
    const folder = await mkdtemp(join(root, where, "node_modules", ".page-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, name);
    await writeFile(file, code.replaceAll("localhost:8000", new URL(page.url).host));
    return file;
  };

  it("docs/command-line.md: every command does what its line says", async () => {
    const [block = ""] = page.examples("sh");
    const caller = createCaller(page.url, demoApiKey);
    const answer = await fetch(`${page.url}/api/v1/chats/${await caller.createChat()}`, {
      method: "DELETE",
      headers: { "X-API-Key": demoApiKey },
    });
    await writeFile(join(page.folder, "answer.json"), await answer.text());
    const keys = await fetch(`${page.url}/.well-known/jwks.json`);
    await writeFile(join(page.folder, "jwks.json"), await keys.text());
    const said: Record<string, string> = {};
    const filled: { tenant?: string | undefined; apiKey?: string | undefined; key?: string | undefined } = {};
    for (const line of block.trim().split("\n")) {
      const command = line
        .replace(/\s+#.*/, "")
        .replace("--tenant <id>", `--tenant ${filled.tenant}`)
        .replace("--key <id>", `--key ${filled.key}`)
        .replace("<tenant>", filled.tenant ?? "")
        .replace("<key>", filled.apiKey ?? "");
      const { stdout } = await page.shell(command.includes("key create") ? `${command} --json` : command);
      said[line.split(/\s+/).slice(2, 4).join(" ")] = stdout;
      if (/(tenant|key) create/.test(line)) {
        const made = createdSchema.parse(JSON.parse(stdout));
        filled.tenant ??= made.tenant_id;
        filled.apiKey ??= made.api_key;
        filled.key = made.id;
      }
    }
    expect(Object.keys(said)).toHaveLength(14);
    expect(said["user create"]).toMatch(/ada@example\.com.*\/join#/s);
    expect(said["tenant list"]).toContain("Acme");
    expect(said["key list"]).toContain("ci");
    expect(said["receipt verify"]).toContain("VALID");
    expect(said["tenant export"]).toContain("SHA-256");
    expect(said["tenant delete"]).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/m);
    expect(await readFile(join(page.folder, "ledger.ndjson"), "utf8")).not.toBe("");
  });

  it("docs/websocket.md: the program writes a message and hears of it", async () => {
    const [program = ""] = await examplesIn("websocket.md", "js");
    const child = spawn(process.execPath, [await write(program, "apps/web", "live.mjs")], { stdio: "pipe" });
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    await expect.poll(() => output).toMatch(/type: 'ready'.*type: 'message.created'/s);
    child.kill();
    await once(child, "close");
  });

  it("docs/frontends.md: the page lists, listens and deletes with a token that the server had made", async () => {
    const [atServer = "", inPage = ""] = await examplesIn("frontends.md", "js");
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = await write(atServer.replace("3000", `${port}`), "apps/web", "server.mjs");
    const environment = { ...process.env, LETHE_API_KEY: demoApiKey };
    const own = spawn(process.execPath, [server], { stdio: "ignore", env: environment });
    const url = `http://127.0.0.1:${port}/lethe-token`;
    await expect
      .poll(() =>
        fetch(url, { method: "POST" }).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(201);
    const program = await write(inPage.replace('"/lethe-token"', `"${url}"`), "apps/web", "page.mjs");
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    own.kill();
    await once(own, "close");
    expect(stdout.trim().split("\n")).toEqual(["ready", "chat.trashed"]);
  });

  it("docs/client.md: the programs delete what they find, and prove it", async () => {
    const caller = createCaller(page.url, demoApiKey);
    const { id } = z
      .object({ id: z.string() })
      .parse(await caller.ask("POST", "/chats", { title: "An invoice" }));
    const said: string[] = [];
    for (const program of await examplesIn("client.md", "ts"))
      said.push(
        (await promisify(execFile)(process.execPath, [await write(program, "apps/web", "client.mjs")]))
          .stdout,
      );
    expect(await caller.deleteChat(id)).toBe(404);
    expect(said).toEqual(["", "proven: 0 messages\n"]);
  });
});
