import { globSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { contents } from "./pages.ts";

const folder = new URL("../../../../docs/", import.meta.url);
const listed = contents.flatMap(({ slugs }) => slugs);

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${api.baseUrl}${path}`, { headers, redirect: "manual" });
const read = async (path: string) => (await get(path)).text();

describe("the documentation", () => {
  it("has each page of the folder in its contents once, and the reference", () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".md"));
    expect([...listed].sort()).toEqual([...files.map((name) => name.replace(/\.md$/, "")), "api"].sort());
  });

  it("leads nowhere but to what is there", async () => {
    const slugs = [
      ...listed,
      ...readdirSync(new URL("adr/", folder)).map((name) => `adr/${name.replace(/\.md$/, "")}`),
      ...["examples/README", "examples/vite-react/README"],
    ];
    const pages = new Map<string, string>();
    for (const slug of slugs) {
      const answer = await get(`/docs/${slug}`);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
      const page = await answer.text();
      // The policy of the page refuses both.
      expect(page.match(/<[^>]* (?:style|on\w+)="/)?.[0], slug).toBeUndefined();
      pages.set(`/docs/${slug}`, page);
    }
    const lost: string[] = [];
    const asked = new Map<string, number>();
    for (const [path, page] of pages)
      for (const [, attribute, address = ""] of page.matchAll(/(href|src)="([^"]*)"/g)) {
        const [target = "", anchor] = address.split("#", 2);
        const there = target === "" ? path : target;
        if (/^(?:https?|mailto):|^\/(?:chats|icon\.svg)$/.test(there)) continue;
        if (!pages.has(there) && !asked.has(there)) asked.set(there, (await get(there)).status);
        const isThere = pages.has(there) || (asked.get(there) ?? 404) < 400;
        const isNamed =
          anchor === undefined || anchor === "content" || pages.get(there)?.includes(` id="${anchor}"`);
        if (!isThere || !isNamed) lost.push(`${path}: ${attribute} ${address}`);
      }
    expect(lost).toEqual([]);
  });

  it("has each file that is there to be copied, as it is, and leads to it", async () => {
    const root = new URL("../", folder);
    const left = ["**/node_modules/**", "**/dist/**", "**/*.md", "**/package-lock.json"];
    const files = globSync("examples/**/*.*", { cwd: root.pathname, exclude: left });
    expect(files.length).toBeGreaterThan(10);
    for (const path of files) {
      const answer = await get(`/docs/${path}`);
      expect([path, answer.headers.get("content-type")]).toEqual([path, "text/plain; charset=utf-8"]);
      expect(await answer.text()).toBe(readFileSync(new URL(path, root), "utf8"));
    }
    expect(await read("/docs/client")).toContain('href="/docs/examples/vite-react/README"');
    expect(await read("/docs/examples/vite-react/README")).toContain(
      'href="/docs/examples/vite-react/src/main.tsx"',
    );
  });

  it("runs no script but its own, and is asked about before it is used again", async () => {
    const answer = await get("/docs/rest");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    const page = await answer.text();
    expect(page).not.toMatch(/<script(?! src="\/docs\/assets\/docs\.js")| on\w+="| style="/);
    const etag = answer.headers.get("etag") ?? "";
    expect((await get("/docs/rest", { "If-None-Match": etag })).status).toBe(304);
    expect((await get("/docs/deletion", { "If-None-Match": etag })).status).toBe(200);
  });

  it("has every page as Markdown, and all of it for language models", async () => {
    expect(await read("/docs/trash.md")).toBe(readFileSync(new URL("trash.md", folder), "utf8"));
    const overview = await read("/llms.txt");
    expect(overview).toMatch(/^# Lethe\n\n> /);
    for (const slug of listed) expect(overview).toContain(`(/docs/${slug}.md)`);
    const whole = await read("/llms-full.txt");
    for (const slug of listed) expect(whole).toContain(await read(`/docs/${slug}.md`));
    // What tests are told of samples is for them alone.
    expect(whole).not.toMatch(/^<!-- sample/m);
    expect(await read("/docs/websocket")).not.toContain("tested by");
  });

  it("describes each operation of the OpenAPI document", async () => {
    const page = await read("/docs/api.md");
    const paths = /** @type {unknown} */ (await (await get("/api/v1/openapi.json")).text()).matchAll(
      /"(\/api\/v1\/[^"]*)":\{"(get|post|put|patch|delete)"/g,
    );
    let count = 0;
    for (const [, path = "", method = ""] of paths) {
      expect(page).toContain(`### ${method.toUpperCase()} ${path}\n`);
      count += 1;
    }
    expect(count).toBeGreaterThan(30);
    expect(page).toContain("| [DELETE /api/v1/chats/{chat_id}](#delete-apiv1chatschat_id) | Delete a chat |");
    expect(page).toContain("| `limit`? | query | integer | 1 to 100. Default `50`. |");
    expect(page).toMatch(/\| `title`\?? \| string \| .*characters/);
  });

  it("is searched by beginnings of words, with a wrong letter too, and shows words as they are", async () => {
    expect(await read("/docs/search?q=retent")).toContain('href="/docs/bulk#retention"');
    expect(await read("/docs/search?q=webhok")).toContain('href="/docs/webhooks');
    const page = await read(`/docs/search?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect(page).toContain("&quot;&gt;&lt;script&gt;");
    expect(page).not.toContain("<script>alert");
    expect((await get(`/docs/search?q=${"a".repeat(5_000)}`)).status).toBe(200);
    expect(await read("/docs/search")).toContain("Type what you look for.");
  });

  it("begins at the quickstart, and refuses what it does not know", async () => {
    const first = await get("/docs");
    expect([first.status, first.headers.get("location")]).toEqual([302, "/docs/quickstart"]);
    for (const path of [
      "/docs/nothing",
      "/docs/adr",
      "/docs/..%2f..%2fpackage.json",
      "/docs/performance.json",
      "/docs/examples/vite-react/node_modules/.package-lock.json",
      "/docs/deploy/kubernetes.yaml",
      "/docs/assets/none.css",
    ])
      expect((await get(path)).status).toBe(404);
    expect((await get("/docs/rest?page=2")).status).toBe(400);
    expect((await fetch(`${api.baseUrl}/docs/rest`, { method: "POST" })).status).toBe(405);
  });
});
