import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, type Page, root } from "./support/open-page.ts";

const run = promisify(execFile);
const hasCurl = spawnSync("curl", ["--version"]).status === 0;
const chatId = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";

let page: Page;
beforeAll(async () => {
  page = await openPage("export.md");
});
afterAll(() => page.close());

it("exports and deletes from a frontend as the page of exports says", async () => {
  const [program = ""] = page.examples("ts");
  const other = "b1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";
  const headers = { "X-API-Key": "your-tenant-api-key", "Content-Type": "application/json" };
  const body = JSON.stringify({ id: other, title: "From a frontend" });
  await fetch(`${page.url}/api/v1/chats`, { method: "POST", headers, body });
  // From where @lethe/client is found.
  const running = run(process.execPath, ["--input-type=module-typescript", "-"], {
    cwd: join(root, "apps/web"),
  });
  running.child.stdin?.end(program.replaceAll("http://localhost:8000", page.url).replaceAll(chatId, other));
  const { stdout } = await running;
  expect(stdout).toMatch(/^(\d+\n)+.*From.a.frontend.*\.html: \d+ bytes\n$/i);
  expect((await fetch(`${page.url}/api/v1/chats/${other}`, { headers })).status).toBe(404);
});

it.runIf(hasCurl)("exports many chats as one archive with curl as the page of exports says", async () => {
  const [, , download = ""] = page.examples("sh");
  await page.shell(download);
  const [file = ""] = (await readdir(page.folder)).filter((name) => name.endsWith(".zip"));
  const bytes = await readFile(join(page.folder, file));
  // Its files are stored as they are, and the manifest is the last of them.
  expect(bytes.toString()).toMatch(/"skipped":\[\n\],\n"counts":\{"files":[1-9]\d*,"skipped":0,/);
});

it.runIf(hasCurl)("exports and deletes exactly that with curl as the page of exports says", async () => {
  const [download = "", remove = ""] = page.examples("sh");
  await page.shell(download);
  const [file = ""] = (await readdir(page.folder)).filter((name) => name.endsWith(".html"));
  const bytes = await readFile(join(page.folder, file));
  expect(bytes.toString()).toContain("<!doctype html>");
  const { stdout } = await page.shell(remove);
  expect(JSON.parse(stdout)).toMatchObject({
    success: true,
    export_checksum: createHash("sha256").update(bytes).digest("hex"),
  });
  const again = await page.shell(download).catch((error: unknown) => error);
  expect(again).toBeInstanceOf(Error);
});
