import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { Api } from "./support/api.ts";
import { openSocket } from "./support/open-socket.ts";
import { type PackedClient, packClient } from "./support/packed-client.ts";
import { type StartedLethe, startLethe } from "./support/start-lethe.ts";
import { expect, plainTest as test } from "./support/test.ts";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "..");
const apiKey = "your-tenant-api-key";
/** The oldest that is supported; docs/client.md says so. */
const typescript = "5.7.2";

/**
 * What somebody has who knows Lethe by its address and its documentation: the packed client, and what the server gives, made and
 * started as docs/client.md and examples/vite-react/README.md say.
 */
test.describe("with nothing but the tarball and an address", () => {
  test.describe.configure({ mode: "serial" });
  let client: PackedClient;
  let lethe: StartedLethe;
  let api: Api;
  let port: number;

  test.beforeAll(async () => {
    port = await freePort();
    const environment = { LETHE_DEMO: "on", LETHE_ALLOWED_ORIGINS: `http://localhost:${port}` };
    [client, lethe] = await Promise.all([packClient(), startLethe(environment, "keep", ["--api-only"])]);
    api = new Api(lethe.url, apiKey);
  });
  test.afterAll(async () => {
    client?.remove();
    await lethe?.stop();
  });

  test("what is packed can be installed, and nothing in it leads back here", async () => {
    const check = join(root, "packages/client/build/check-package.ts");
    const { stdout } = await run(process.execPath, [check, client.tarball]).catch((failed) => failed);
    expect(stdout).toBe("");
  });

  test("Node 22 checks its types, deletes, and proves what was deleted", async () => {
    const node = `node-linux-${process.arch}`;
    const folder = await client.install(lethe.url, "node", { typescript, [node]: "^22.18.0" });
    const [forgotten, used] = [await api.createChat("Tarball 1", ["a"]), await api.createChat("Tarball 2")];
    const socket = await openSocket(lethe.url, apiKey, used.id);
    const bin = join(folder, "node_modules/.bin");
    await run(join(bin, "tsc"), ["-p", "."], { cwd: folder });
    const env = { ...process.env, LETHE_URL: lethe.url, LETHE_API_KEY: apiKey };
    const program = join(folder, "delete-chats.ts");
    const { code, stdout } = await run(join(folder, "node_modules", node, "bin/node"), [program, "tarball"], {
      env,
    }).catch((failed) => failed);
    expect(stdout).toContain(`${forgotten.id}: 1 messages, receipt valid, now 404`);
    expect(stdout).toContain(`${used.id}: kept, 1 still connected`);
    expect([stdout.trim().split("\n").at(-1), code]).toEqual(["1 of 2 deleted", 1]);

    // The same over REST, in Python: it waits for who is connected.
    const script = join(folder, "delete_chats.py");
    const text = await (await fetch(`${lethe.url}/docs/examples/python/delete_chats.py`)).text();
    writeFileSync(script, text);
    const python = spawn("python3", ["-u", script, "tarball"], { env, stdio: ["ignore", "pipe", "inherit"] });
    let told = "";
    python.stdout.setEncoding("utf8").on("data", (text: string) => {
      told += text;
      if (told.includes("1 still connected, waiting")) void socket.close();
    });
    const [exit] = await once(python, "close");
    expect(told).toContain(`${used.id}: gone, with 0 messages`);
    expect([told.trim().split("\n").at(-1), exit]).toEqual(["1 of 1 deleted", 0]);
  });

  test("a page of another origin lists, deletes and undoes", async ({ page }) => {
    const folder = await client.install(lethe.url, "vite-react", { typescript });
    await run("pnpm", ["run", "build"], { cwd: folder });
    await buildLibrary(folder);
    const vite = await serve(folder, port, { VITE_LETHE_URL: lethe.url, LETHE_API_KEY: apiKey });
    try {
      const first = await api.createChat("Kept notes");
      const second = await api.createChat("Old invoice");
      await page.goto(`http://localhost:${port}`);
      const rows = page.getByRole("listitem");
      await expect(rows.first()).toContainText("Old invoice");
      await page.getByRole("button", { name: "Delete Old invoice" }).click();
      await expect(page.getByText("Old invoice", { exact: true })).toHaveCount(0);
      await expect(page.getByRole("status")).toContainText("“Old invoice” is in the trash");
      await expect.poll(async () => (await api.chat(second.id)).trashed_at).not.toBeNull();

      await page.getByRole("button", { name: "Undo" }).click();
      await expect(rows.first()).toContainText("Old invoice");
      await expect.poll(async () => (await api.chat(second.id)).trashed_at).toBeNull();

      // Events come from there, too.
      await api.createChat("Made elsewhere");
      await expect(rows.first()).toContainText("Made elsewhere");
      await api.deleteChat(first.id);
      await expect(page.getByRole("button", { name: "Delete Kept notes" })).toHaveCount(0);

      // A page that is connected to a chat hears of it, and does not stand in the way of its own deletion.
      await api.createMessage(second.id, "Said before");
      await page.goto(`http://localhost:${port}/chat.html?id=${second.id}`);
      await expect(page.getByRole("status")).toHaveText("Live");
      await api.createMessage(second.id, "Said meanwhile");
      await expect(rows).toHaveText(["Ada: Said before", "Ada: Said meanwhile"]);
      // Of one that is not there it says so, at once.
      await page.goto(`http://localhost:${port}/chat.html?id=${randomUUID()}`);
      await expect(page.getByRole("alert")).toContainText("not found");
      await page.goto(`http://localhost:${port}/chat.html?id=${second.id}`);
      await expect(page.getByRole("status")).toHaveText("Live");
      const other = await openSocket(lethe.url, apiKey, second.id);
      await page.getByRole("button", { name: "Delete for good" }).click();
      await expect(page.getByRole("alert")).toContainText("1 active");
      await expect(page.getByRole("status")).toHaveText("Live");
      await other.close();
      await page.getByRole("button", { name: "Delete for good" }).click();
      await expect(page.getByRole("status")).toHaveText("The chat is gone.");
      expect(await api.statusOf(second.id)).toBe(404);
    } finally {
      vite.kill();
    }
  });
});

/** Has the compiler write declarations of what wraps the client, as libraries and composite projects do. */
async function buildLibrary(folder: string): Promise<void> {
  const library = join(folder, "library");
  mkdirSync(library);
  copyFileSync(join(root, "packages/client/test/wrapped.ts"), join(library, "wrapped.ts"));
  const compilerOptions = { noEmit: false, composite: true, declaration: true, outDir: "out", types: [] };
  const config = { extends: "../tsconfig.json", compilerOptions, include: ["wrapped.ts"] };
  writeFileSync(join(library, "tsconfig.json"), JSON.stringify(config));
  const { stdout } = await run(join(folder, "node_modules/.bin/tsc"), [
    ...["-p", library, "--allowImportingTsExtensions", "false"],
  ]).catch((failed) => failed);
  expect(stdout).toBe("");
  // Nothing that another version of the client may call otherwise.
  expect(readFileSync(join(library, "out/wrapped.d.ts"), "utf8")).not.toMatch(/@lethe\/client\/dist|\$1/);
}

/** Starts the example as its reader does, and waits until it serves. */
async function serve(folder: string, port: number, env: Record<string, string>): Promise<ChildProcess> {
  const vite = join(folder, "node_modules/vite/bin/vite.js");
  const server = spawn(process.execPath, [vite, "--port", `${port}`, "--strictPort"], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const answers = () =>
    fetch(`http://localhost:${port}`).then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(answers).toBe(200);
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (typeof address !== "object" || address === null) throw new Error("There is no free port");
  return address.port;
}
