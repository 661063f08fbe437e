import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createApiKey, createTenant } from "@lethe/core";
import { createClient } from "@lethe/db";
import { createEmptyDatabase, createTestDatabase, openPostgres15 } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { type Caller, createCaller } from "./support/caller.ts";
import { examplesIn, root } from "./support/samples.ts";
import { startServer } from "./support/start-server.ts";

const deletionSchema = z.object({ receipt: z.string() });
const oldest = await openPostgres15();
const [dump = "", exportLedger = "", restore = ""] = examplesIn("operations.md", "sh");
const [sizes = "", bySuperuser = "", byOwner = ""] = examplesIn("operations.md", "sql");

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lethe-operations-"));
});
afterAll(async () => {
  if ("server" in oldest) await oldest.server.stop();
  await rm(folder, { recursive: true });
});

/** Runs an example as it stands, with the address of a database in DATABASE_URL. */
const shell = (code: string, databaseUrl: string, more: Record<string, string> = {}) =>
  promisify(execFile)(
    "sh",
    ["-ec", code.replaceAll("pnpm lethe", `${process.execPath} ${root}/apps/cli/src/main.ts`)],
    {
      cwd: folder,
      env: {
        ...process.env,
        ...more,
        DATABASE_URL: databaseUrl,
        PATH: `${"bin" in oldest ? oldest.bin : ""}:${process.env.PATH}`,
      },
    },
  );
const psql = (code: string, databaseUrl: string) =>
  shell('psql --set=ON_ERROR_STOP=1 --quiet --no-psqlrc --command="$CODE" "$DATABASE_URL"', databaseUrl, {
    CODE: code,
  });

/** A caller of a server over the database at `url`, with a tenant of its own. */
async function callerOf(url: string, serve: string): Promise<Caller> {
  const db = createClient({ url, poolSize: 1 });
  const { tenantId } = await createTenant(db, { name: "A tenant" });
  const { apiKey } = await createApiKey(db, { tenantId, name: "All" });
  await db.$disconnect();
  return createCaller(serve, apiKey);
}

if ("missing" in oldest) {
  it("the commands of docs/operations.md", ({ skip }) => skip(oldest.missing));
} else {
  const postgres = oldest.server.url;

  it("what was dumped and restored by the page is there, what was deleted since is gone, and receipts stay valid", async () => {
    const { url, drop } = await createTestDatabase(postgres);
    onTestFinished(drop);
    const server = await startServer({ DATABASE_URL: url });
    const before = await callerOf(url, server.url);
    const [kept, early, late] = [
      await before.createChat(),
      await before.createChat(),
      await before.createChat(),
    ];
    await before.say(kept, "Hello");
    const receipts = [deletionSchema.parse(await before.ask("DELETE", `/chats/${early}`)).receipt];
    await shell(dump, url);
    receipts.push(deletionSchema.parse(await before.ask("DELETE", `/chats/${late}`)).receipt);
    await shell(exportLedger, url);
    expect((await psql(sizes, url)).stdout).toMatch(/chat .*deletion .*event .*message /s);
    await server.end("SIGTERM");

    const restored = await createEmptyDatabase(postgres);
    await shell(restore, restored);
    const again = await startServer({ DATABASE_URL: restored });
    onTestFinished(async () => void (await again.end("SIGTERM")));
    const after = createCaller(again.url, before.apiKey);
    expect(await after.getChat(kept)).toMatchObject({ message_count: 1 });
    expect([await after.deleteChat(early), await after.deleteChat(late)]).toEqual([404, 404]);
    await writeFile(
      join(folder, "jwks.json"),
      await (await fetch(`${again.url}/.well-known/jwks.json`)).text(),
    );
    for (const receipt of receipts) {
      await writeFile(join(folder, "answer.json"), JSON.stringify({ receipt }));
      const { stdout } = await shell("pnpm lethe receipt verify answer.json --jwks jwks.json", restored);
      expect(stdout).toContain("VALID");
    }
  });

  it("a server does all that it has to as the role of the page, which can change no table", async () => {
    const superuser = await createEmptyDatabase(postgres);
    const name = new URL(superuser).pathname.slice(1);
    await psql(
      `CREATE ROLE lethe_owner LOGIN PASSWORD 'change-me'; ALTER DATABASE ${name} OWNER TO lethe_owner`,
      superuser,
    );
    onTestFinished(async () => {
      await psql(
        `REASSIGN OWNED BY lethe_owner TO CURRENT_USER; DROP OWNED BY lethe_server, lethe_owner;
         DROP ROLE lethe_server, lethe_owner`,
        superuser,
      );
    });
    const owner = Object.assign(new URL(superuser), { username: "lethe_owner", password: "change-me" }).href;
    await shell("pnpm lethe tenant list", owner);
    await psql(bySuperuser, superuser);
    await psql(byOwner.replace("DATABASE lethe", `DATABASE ${name}`), owner);
    const url = Object.assign(new URL(owner), { username: "lethe_server", password: "change-me" }).href;
    const server = await startServer({ DATABASE_URL: url, LETHE_LOG_LEVEL: "info" });
    onTestFinished(async () => void (await server.end("SIGTERM")));
    const caller = await callerOf(url, server.url);
    const chatId = await caller.createChat();
    await caller.say(chatId, "Hello");
    expect(await caller.deleteChat(chatId)).toBe(200);
    await caller.ask("POST", "/deletion-jobs", { filter: { q: "nothing" } });
    await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(server.stderr()).not.toMatch(/must be owner|permission denied|42501/);
    // Its rights are in a dump, and nothing that stops a restore by the owner, where the role may not be.
    await shell(dump, owner);
    await shell(exportLedger, owner);
    const empty = await createEmptyDatabase(postgres);
    await psql(`ALTER DATABASE ${new URL(empty).pathname.slice(1)} OWNER TO lethe_owner`, superuser);
    const restored = Object.assign(new URL(empty), { username: "lethe_owner", password: "change-me" }).href;
    await shell(restore, restored);
    await psql(byOwner.replace("DATABASE lethe", `DATABASE ${new URL(empty).pathname.slice(1)}`), restored);
    expect((await psql("SELECT count(*) AS deletions FROM deletion", restored)).stdout).toMatch(/\s1\s/);
    // What a later version brings with it.
    await psql("CREATE TABLE of_a_newer_version (id serial)", owner);
    await psql("INSERT INTO of_a_newer_version DEFAULT VALUES", url);
    await expect(psql("ALTER TABLE chat ADD COLUMN x integer", url)).rejects.toThrow("must be owner");
  });

  it("a server goes on when a newer version has migrated, and one that starts then says why it does not", async () => {
    const { url, drop } = await createTestDatabase(postgres);
    onTestFinished(drop);
    const server = await startServer({ DATABASE_URL: url });
    onTestFinished(async () => void (await server.end("SIGTERM")));
    const caller = await callerOf(url, server.url);
    await psql(
      `ALTER TABLE chat ADD COLUMN of_a_newer_version text;
       INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at)
       VALUES ('new', 'x', '29990101000000_newer', now(), now())`,
      url,
    );
    const chatId = await caller.createChat();
    expect([(await caller.getChat(chatId))?.id, await caller.deleteChat(chatId)]).toEqual([chatId, 200]);
    await expect(startServer({ DATABASE_URL: url })).rejects.toThrow(
      /newer version of Lethe.*29990101000000_newer.*nothing was changed/s,
    );
  });
}
