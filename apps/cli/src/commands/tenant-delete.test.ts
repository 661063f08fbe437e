import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createApiKey,
  createInvitation,
  createTenant,
  createWebhook,
  roleScopes,
  startLeaving,
} from "@lethe/core";
import { createTestDatabase, findTexts, openRoute, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { lethe, startLethe } from "../../test/lethe.ts";
import { namesOf, namesShown } from "../../test/shown.ts";

let database: TestDatabase;
let settings: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  settings = { DATABASE_URL: database.url };
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const folder = await mkdtemp(join(tmpdir(), "lethe-leave-"));
const receiptFile = join(folder, "receipt");
const ledgerFile = join(folder, "ledger.ndjson");
const chats = 20_000;

/** A tenant with chats, one in a hundred of them long, people, a key and a webhook that nobody is there to tell. */
async function bigTenant() {
  const { db } = database;
  const { tenantId } = await createTenant(db, { name: "Acme & Søn" });
  await createApiKey(db, { tenantId, name: "nightly import" });
  const { id: personId } = await db.person.create({ data: { name: "Ada", email: "ada@acme.example" } });
  await db.member.create({ data: { tenantId, personId, role: "owner" } });
  const actor = { kind: "person", id: personId, name: "Ada (ada@acme.example)", via: "rest" } as const;
  const invitation = { email: "bob@acme.example", role: "viewer", scopes: roleScopes.owner } as const;
  await createInvitation({ db, tenantId, actor }, invitation);
  const hook = { url: "https://hooks.acme.example/", eventTypes: ["chat.deleted"] as const };
  const { id: webhookId } = await createWebhook(
    { db, tenantId, actor },
    { ...hook, policy: { allowPrivate: false } },
  );
  await db.webhookEndpoint.updateMany({ where: { tenantId, id: webhookId }, data: { enabled: false } });
  await db.$executeRaw`
    WITH made AS MATERIALIZED (
      SELECT gen_random_uuid() AS id, CASE WHEN n % 100 = 0 THEN 300 ELSE 2 END AS messages, n
      FROM generate_series(1, ${chats}::integer) AS n
    ),
    vault AS (INSERT INTO transcript (tenant_id, chat_id) SELECT ${tenantId}::uuid, id FROM made),
    written AS (
      INSERT INTO message (tenant_id, chat_id, seq, author, body)
      SELECT ${tenantId}::uuid, id, seq, 'Ada', 'secret ' || seq FROM made, generate_series(1, messages) AS seq
    )
    INSERT INTO chat (
      tenant_id, id, title, title_folded, message_count, version, created_by_kind, created_by_id, created_by_name,
      trashed_at, purge_at
    )
    SELECT ${tenantId}::uuid, id, 'acme ' || n, 'acme ' || n, messages, 2, 'person', ${personId},
      'Ada (ada@acme.example)', CASE WHEN n % 10 = 0 THEN now() END, CASE WHEN n % 10 = 0 THEN now() + interval '1 day' END
    FROM made`;
  return { tenantId, personId, messages: (chats / 100) * 300 + (chats - chats / 100) * 2 };
}

test(`a tenant of ${chats} chats is deleted, killed three times on the way, and leaves its id in the receipt only`, async () => {
  const { db } = database;
  const { tenantId, personId, messages } = await bigTenant();
  const command = [
    ...["tenant", "delete", tenantId, "--confirm", "Acme & Søn", "--ledger", ledgerFile, "--json"],
  ];
  const words = [tenantId, personId, "acme", "Søn", "nightly import", "secret"];
  expect((await findTexts(database.url, words)).length).toBeGreaterThan(20);
  const count = () => Promise.all([db.chat.count(), db.deletion.count()]);
  /** Kills the command when something has come about. */
  const killWhen = async (hasCome: () => Promise<boolean>) => {
    const { child, ended } = startLethe(command, settings);
    const closed = ended.then(({ stderr }) => stderr);
    await expect.poll(hasCome, { interval: 5, timeout: 120_000 }).toBe(true);
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return closed;
  };

  await killWhen(async () => (await count())[0] < chats - 2_000);
  const [there, gone] = await count();
  expect(there).toBeGreaterThan(0);
  // Each chat is there or in the ledger, never neither nor both.
  expect(there + gone).toBe(chats);
  const again = await killWhen(async () => (await count())[0] < there / 2);
  expect(again).toContain("going on");
  const [, ledger] = await count();
  expect(ledger).toBeGreaterThan(gone);
  await killWhen(async () => {
    const departure = await db.departure.findFirst({ where: { tenantId } });
    return departure?.state === "removing" && (await db.deletion.count()) < chats;
  });
  expect(await db.tenant.count({ where: { tenantId } })).toBe(1);

  const last = await lethe(command, settings);
  expect(last.code).toBe(0);
  const answer = JSON.parse(last.stdout);
  expect(answer).toMatchObject({ tenant_id: tenantId, left_at: expect.stringMatching(/Z$/) });
  expect(await findTexts(database.url, words)).toEqual([`departure.tenant_id: ${tenantId}`]);

  // Asked again, it answers the same receipt; and what that proves can be checked.
  const { stdout, code } = await lethe(["tenant", "delete", tenantId, "--json"], settings);
  expect({ code, ...JSON.parse(stdout) }).toEqual({ code: 0, ...answer });
  const said = Buffer.from(answer.receipt.split(".")[1], "base64url").toString();
  expect(namesOf(JSON.parse(said))).toEqual(namesShown("leaving.md", "The receipt"));
  await writeFile(receiptFile, answer.receipt);
  const verified = await lethe(["receipt", "verify", receiptFile], settings);
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining(`told of ${chats} chats`) });
  expect(verified.stdout).toContain(`with ${messages} messages`);

  // The ledger was written before it went, with what the departure itself has deleted, and is what the receipt tells of.
  const lines = (await readFile(ledgerFile, "utf8")).trimEnd().split("\n");
  const deletions = lines.filter((line) => JSON.parse(line).type === "deletion");
  expect(deletions).toHaveLength(chats);
  const digest = createHash("sha256")
    .update(deletions.map((line) => `${line}\n`).join(""))
    .digest("hex");
  const payload = Buffer.from(answer.receipt.split(".")[1] ?? "", "base64url");
  expect(JSON.parse(payload.toString())).toMatchObject({ ledger_digest: digest });
}, 600_000);

test.each([
  ["a wrong name", ["--without-ledger", "--confirm", "Acne"], 1, "confirm is not what the tenant is called"],
  ["nobody to ask", ["--without-ledger"], 2, "--confirm"],
  ["nothing said of the ledger", ["--confirm", "Other"], 2, "--without-ledger"],
  ["a ledger for nowhere", ["--ledger", "/proc/x/y", "--confirm", "Other"], 1, "/proc/x/y cannot be written"],
])("%s is refused, and nothing is done", async (_, args, expected, hint) => {
  const { tenantId } = await createTenant(database.db, { name: "Other" });
  const { code, stdout, stderr } = await lethe(["tenant", "delete", tenantId, ...args], settings);
  expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
  expect(stderr).toContain(hint);
  expect(await database.db.departure.count({ where: { tenantId } })).toBe(0);
});

test("nothing is made any more that would open a tenant that leaves, and the list says that it does", async () => {
  const { db } = database;
  const { tenantId } = await createTenant(db, { name: "Leaving" });
  const actor = { kind: "operator", id: "tenant delete", via: "cli" } as const;
  await startLeaving(db, { tenantId, confirm: "Leaving", actor });
  for (const args of [
    ["key", "create"],
    ["user", "create", "--email", "bob@acme.example", "--role", "viewer"],
  ]) {
    const { code, stdout, stderr } = await lethe([...args, "--tenant", tenantId], settings);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("leaves"),
    });
  }
  const { stdout } = await lethe(["tenant", "list"], settings);
  expect(stdout).toMatch(new RegExp(`^${tenantId} .* leaves {2}Leaving$`, "m"));
});

test("a database that is away for a while is waited for", async () => {
  const { db, url } = database;
  const { tenantId } = await createTenant(db, { name: "Patient" });
  const route = await openRoute(url);
  onTestFinished(() => route.close());
  const args = ["tenant", "delete", tenantId, "--without-ledger", "--confirm", "Patient"];
  const { ended, written } = startLethe(args, { DATABASE_URL: route.url });
  await expect.poll(() => written.stderr, { interval: 20 }).toContain("sockets end");
  route.lead(null);
  route.cut();
  await expect.poll(() => written.stderr, { interval: 20 }).toContain("PostgreSQL is away");
  route.lead(url);
  expect(await ended).toMatchObject({ code: 0, stderr: expect.stringContaining("Done.") });
});
