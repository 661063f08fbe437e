import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTenant } from "@lethe/core";
import { createTestDatabase, openRoute, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lethe, start, startLethe } from "../../test/lethe.ts";

let database: TestDatabase;
let settings: Record<string, string>;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  settings = { DATABASE_URL: database.url };
  folder = await mkdtemp(join(tmpdir(), "lethe-ledger-"));
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

/** Lines in the ledger of a tenant, one a second from the beginning of the year on. */
async function fill(count: number, tenantId: string = randomUUID()): Promise<string> {
  await database.db.$executeRaw`
    INSERT INTO deletion (tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count, deleted_at)
    SELECT ${tenantId}::uuid, gen_random_uuid(), gen_random_uuid(), 'session', 'x', 'trpc', false, n,
      '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 second'
    FROM generate_series(0, ${count - 1}::integer) AS n`;
  return tenantId;
}

const write = async (name: string, text: string) => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

const deletionsIn = (text: string): { tenant_id: string; message_count: number }[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === "deletion");

test("export writes one tenant's deletions from a moment on, a line each, which may then be pruned", async () => {
  const { db } = database;
  const { tenantId: tenant } = await createTenant(db, { name: "Acme" });
  await db.tenant.update({ where: { tenantId: tenant }, data: { ledgerRetentionDays: 30 } });
  await fill(1_500, tenant);
  await db.deletion.updateMany({ where: { tenantId: tenant }, data: { erasedAt: new Date() } });
  await fill(3);
  const args = ["ledger", "export", "--tenant", tenant, "--since", "2026-01-01T01:10:00+01:00"];
  const { code, stdout, stderr } = await lethe(args, settings);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "Wrote 900 deletions.\n" });
  const lines = deletionsIn(stdout);
  expect(lines.map(({ message_count }) => message_count)).toEqual(
    Array.from({ length: 900 }, (_, n) => n + 600),
  );
  expect(new Set(lines.map(({ tenant_id }) => tenant_id))).toEqual(new Set([tenant]));
  const checksum = createHash("sha256").update(stdout).digest("hex");
  expect(await db.ledgerExport.findMany()).toMatchObject([{ tenantId: tenant, checksum, lines: 900 }]);
});

test("export leaves off when its reader does", async () => {
  await fill(20_000);
  const command = "node apps/cli/src/main.ts ledger export | head -n 1";
  const { code, stdout, stderr } = await start("sh", ["-c", command], settings).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain('"type":');
});

test("a database that goes away is told in words, without a stack", async () => {
  await fill(20_000);
  const route = await openRoute(database.url);
  const { child, ended } = startLethe(["ledger", "export"], { DATABASE_URL: route.url });
  // Whoever takes nothing lets it come no further than a pipe holds.
  child.stdout.pause();
  await once(child.stdout, "readable");
  route.lead(null);
  route.cut();
  route.close();
  child.stdout.resume();
  const { code, stderr } = await ended;
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^Error: PostgreSQL went away.*\n$/),
  });
});

test("replay says what it did in words, and reads stdin", async () => {
  const { stdout } = await lethe(["ledger", "export", "--tenant", await fill(1_234)], settings);
  const file = await write("ledger", stdout);
  const restored = await createTestDatabase();
  const replayed = await lethe(["ledger", "replay", "-"], { DATABASE_URL: restored.url }, file);
  expect(replayed).toMatchObject({ code: 0, stderr: "" });
  expect(replayed.stdout).toMatch(/^Deletions read +1234\nDeleted again +0\nEntered, never here +1234\n/);
  expect(await restored.db.deletion.count()).toBe(1_234);
  await restored.drop();
});

test("replay stops at a damaged line, names it, and has done what came before", async () => {
  const { stdout } = await lethe(["ledger", "export", "--tenant", await fill(3)], settings);
  const restored = await createTestDatabase();
  const cut = await write("cut", stdout.trimEnd().slice(0, -10));
  const { code, stderr } = await lethe(["ledger", "replay", cut], { DATABASE_URL: restored.url });
  expect(code).toBe(1);
  expect(stderr).toContain(`Line ${stdout.trimEnd().split("\n").length} is not one of an exported ledger`);
  expect(await restored.db.deletion.count()).toBe(2);
  await restored.drop();
});

test("replay refuses a key that is not what it says", async () => {
  const jwk = { kty: "OKP", crv: "Ed25519", x: "A".repeat(43), kid: "mine", alg: "EdDSA", use: "sig" };
  const file = await write("keys", JSON.stringify({ type: "signing_key", jwk, retired_at: null }));
  const { code, stderr } = await lethe(["ledger", "replay", file], settings);
  expect(code).toBe(1);
  expect(stderr).toContain("thumbprint");
  expect(await database.db.signingKey.count({ where: { kid: "mine" } })).toBe(0);
});

test.each([
  [["replay", "no-such-file"], 2, "cannot be read"],
  [["replay"], 2, "file"],
  [["replay", "README.md"], 1, "Line 1 is not one of an exported ledger"],
  [["export", "--since", "yesterday"], 2, "RFC 3339"],
  [["export", "--tenant", "acme"], 2, "UUID"],
])("%j ends with %i and says why", async (args, expected, hint) => {
  const { code, stdout, stderr } = await lethe(["ledger", ...args], settings);
  expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
  expect(stderr).toContain(hint);
  expect(stderr).not.toContain("    at ");
});
