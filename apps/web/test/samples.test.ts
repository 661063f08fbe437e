import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createApiKey, createTenant, demoApiKey, demoChatId } from "@lethe/core";
import { createTestDatabase, freePort, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { createCaller } from "./support/caller.ts";
import { type Follower, faultsOf, followPage, keepDemoChat } from "./support/follow-page.ts";
import { openLive } from "./support/open-live.ts";
import { examplesIn, pages, stepsOf, strays } from "./support/samples.ts";
import { startServer, type TestProcess } from "./support/start-server.ts";

it("every sample of every page is run, is an answer that is compared, or says why not", () => {
  expect(pages).toContain("docs/quickstart.md");
  expect(pages.flatMap(strays)).toEqual([]);
});

/** The origins that the page on frontends names. */
const [, origins = ""] =
  /^LETHE_ALLOWED_ORIGINS='(.*?)'/m.exec(examplesIn("frontends.md", "sh").join("")) ?? [];

let database: TestDatabase;
let server: TestProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServer({
    DATABASE_URL: database.url,
    LETHE_DEMO: "on",
    LETHE_RATE_LIMIT: "6000",
    LETHE_ALLOWED_ORIGINS: origins,
  });
  await keepDemoChat(database);
});
afterAll(async () => {
  await server.end("SIGTERM");
  await database.drop();
});

/** What a page says that there is, besides the demo. */
const worlds: Record<string, (follower: Follower) => Promise<void>> = {
  "docs/errors.md": async ({ known }) => {
    const headers = { "X-API-Key": demoApiKey };
    const live = await openLive(server.url, known.get(demoChatId) ?? "", { headers });
    onTestFinished(() => live.leave());
  },
  "docs/leaving.md": async ({ known }) => {
    const { db } = database;
    known.set("<tenant>", (await createTenant(db, { name: "Acme" })).tenantId);
    const { tenantId } = await createTenant(db, { name: "Acme" });
    const { apiKey } = await createApiKey(db, { tenantId, name: "The owner's", scopes: ["tenant:delete"] });
    known.set("$OWNERS_KEY", apiKey);
    const { tenantId: other } = await createTenant(db, { name: "Umbra" });
    const scopes = ["tenant:delete", "chats:read"] as const;
    known.set(
      "$OTHER_KEY",
      (await createApiKey(db, { tenantId: other, name: "The owner's", scopes })).apiKey,
    );
  },
};

const followed = pages
  .map((page) => ({ page, steps: stepsOf(page) }))
  .filter(({ steps }) => steps.length > 0);

it.each(followed)(
  "$page, followed from top to bottom, does and answers what it says",
  async ({ page, steps }) => {
    const follower = await followPage(server.url, database);
    onTestFinished(() => follower.close());
    await worlds[page]?.(follower);
    const missing = new Set<string>();
    for (const { sample, shown } of steps) {
      const said = await follower.run(sample);
      if (said.missing) missing.add(said.missing);
      else expect.soft(faultsOf(said, shown, follower.known), `${page}:${sample.line}`).toEqual([]);
    }
    // Said, because a sample that was not run is no proof.
    if (missing.size > 0)
      console.warn(`${page} needs ${[...missing].join(" and ")}, which this machine does not have`);
  },
);

/** Somebody who has a page open, and its samples in a language. */
async function open(name: string, language: string) {
  const follower = await followPage(server.url, database);
  onTestFinished(() => follower.close());
  return { ...follower, programs: examplesIn(name, language).map((code) => ({ language, code })) };
}
const receiptSchema = z.looseObject({ receipt: z.string() });
const nothing = { language: "sh", code: "exit 1" };

it("websocket.md: the program writes a message and hears of it", async () => {
  const { programs, start } = await open("websocket.md", "js");
  const { stdout, end } = await start(programs[0] ?? nothing);
  await expect.poll(stdout).toMatch(/type: 'ready'.*type: 'message.created'/s);
  await end();
});

it("frontends.md: pages of the named origins may call, and no others", async () => {
  const allowedFor = async (origin: string) => {
    const headers = { Origin: origin, "Access-Control-Request-Method": "DELETE" };
    const answer = await fetch(`${server.url}/api/v1/chats`, { method: "OPTIONS", headers });
    return answer.headers.get("access-control-allow-origin");
  };
  const named = origins.split(", ");
  expect(named).toHaveLength(2);
  expect(await Promise.all(named.map(allowedFor))).toEqual(named);
  expect(await allowedFor("https://example.com")).toBeNull();
});

it("frontends.md: the page lists, listens and deletes with a token that the server had made", async () => {
  const { programs, start, run, known } = await open("frontends.md", "js");
  const [atServer = nothing, inPage = nothing] = programs;
  const port = await freePort();
  const address = `http://127.0.0.1:${port}/lethe-token`;
  known.set("process.env.LETHE_API_KEY", JSON.stringify(demoApiKey)).set("3000", `${port}`);
  const own = await start(atServer);
  onTestFinished(own.end);
  const asked = () =>
    fetch(address, { method: "POST" }).then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(asked).toBe(201);
  known.set('"/lethe-token"', JSON.stringify(address));
  expect((await run(inPage)).stdout.trim().split("\n")).toEqual(["ready", "chat.trashed"]);
});

it("receipts.md: no program believes a receipt that was changed", async () => {
  const { programs: shell, run, folder } = await open("receipts.md", "sh");
  const [check = nothing, openssl = nothing] = shell;
  const [javascript = nothing, python = nothing] = ["js", "python"].flatMap((language) =>
    examplesIn("receipts.md", language).map((code) => ({ language, code })),
  );
  const [shown = ""] = examplesIn("receipts.md", "json");
  expect((await run(check)).code).toBe(0);
  const verifiers = [javascript, python, openssl];
  for (const verifier of verifiers) {
    const { stdout, missing } = await run(verifier);
    if (!missing) expect(Object.keys(JSON.parse(stdout))).toEqual(Object.keys(JSON.parse(shown)));
  }
  const answer = join(folder, "answer.json");
  const { receipt, ...rest } = receiptSchema.parse(JSON.parse(await readFile(answer, "utf8")));
  const [header = "", payload = "", signature = ""] = receipt.split(".");
  const say = (part: string, from: string, to: string) =>
    Buffer.from(Buffer.from(part, "base64url").toString().replace(from, to)).toString("base64url");
  const forged = [
    [header, say(payload, '"message_count":9', '"message_count":8'), signature],
    [header, payload, signature.replace(/^.{9}/, "AAAAAAAAA")],
    [say(header, "EdDSA", "none"), payload, signature],
    [say(header, "lethe-receipt+jwt", "lethe-token+jwt"), payload, signature],
  ];
  for (const parts of forged) {
    await writeFile(answer, JSON.stringify({ ...rest, receipt: parts.join(".") }));
    for (const verifier of verifiers)
      expect(await run(verifier), parts.join(".")).toMatchObject({ code: 1, stdout: "" });
  }
});

it("receipts.md: a server that runs signs with the new key soon after a rotation", async () => {
  const { run } = await open("receipts.md", "sh");
  const caller = createCaller(server.url, demoApiKey);
  const signer = async () => {
    const { receipt } = receiptSchema.parse(
      await caller.ask("DELETE", `/chats/${await caller.createChat()}`),
    );
    return JSON.parse(Buffer.from(receipt.split(".")[0] ?? "", "base64url").toString()).kid;
  };
  // The first may come while the server still believes a key that was rotated before.
  for (let retired: string | null = null, turn = 0; turn < 2; turn += 1) {
    const rotate = await run({ language: "sh", code: "pnpm lethe receipt rotate-key --json" });
    const rotated = JSON.parse(rotate.stdout);
    if (retired !== null) expect(rotated.retired).toBe(retired);
    await expect.poll(signer, { interval: 100 }).toBe(rotated.kid);
    retired = rotated.kid;
  }
});

it.each(["js", "python"])("rest.md: a wrong address is not taken for a deletion in %s", async (language) => {
  const { programs, run, known } = await open("rest.md", language);
  known.set("/api/v1/chats/", "/api/v1/chat/");
  const { code, stdout, stderr, missing } = await run(programs[0] ?? nothing);
  if (!missing)
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("(request "),
    });
});

it("command-line.md: every command does what its line says", async () => {
  const { programs, run, folder, known } = await open("command-line.md", "sh");
  const caller = createCaller(server.url, demoApiKey);
  const deleted = await caller.ask("DELETE", `/chats/${await caller.createChat()}`);
  await writeFile(join(folder, "answer.json"), JSON.stringify(deleted));
  const keys = await fetch(`${server.url}/.well-known/jwks.json`);
  await writeFile(join(folder, "jwks.json"), await keys.text());
  const said: Record<string, string> = {};
  for (const line of (programs[0]?.code ?? "").trim().split("\n")) {
    const command = line.replace(/\s+#.*/, "");
    const code = command.includes("key create") ? `${command} --json` : command;
    const { stdout, stderr, ...ended } = await run({ language: "sh", code });
    expect(ended.code, stderr).toBe(0);
    said[command.split(/\s+/).slice(2, 4).join(" ")] = stdout;
    if (!/(?:tenant|key) create/.test(command)) continue;
    const made = createdSchema.parse(JSON.parse(stdout));
    if (made.id) known.set("--key <id>", `--key ${made.id}`);
    else
      known
        .set("--tenant <id>", `--tenant ${made.tenant_id}`)
        .set("<tenant>", made.tenant_id)
        .set("<key>", made.api_key);
  }
  expect(Object.keys(said)).toHaveLength(14);
  expect(said["user create"]).toMatch(/ada@example\.com.*\/join#/s);
  expect(said["tenant list"]).toContain("Acme");
  expect(said["key list"]).toContain("ci");
  expect(said["receipt verify"]).toContain("VALID");
  expect(said["tenant export"]).toContain("SHA-256");
  expect(said["tenant delete"]).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/m);
  expect(await readFile(join(folder, "ledger.ndjson"), "utf8")).not.toBe("");
});

const createdSchema = z.object({ tenant_id: z.string(), api_key: z.string(), id: z.string().optional() });
