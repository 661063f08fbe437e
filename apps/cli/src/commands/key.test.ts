import { authenticateApiKey } from "@lethe/core";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lethe } from "../../test/lethe.ts";

let database: TestDatabase;
let settings: Record<string, string>;
let tenant: string;

beforeAll(async () => {
  database = await createTestDatabase();
  settings = { DATABASE_URL: database.url };
  const name = new URL(database.url).pathname.slice(1);
  await database.db.$executeRawUnsafe(`ALTER DATABASE ${name} SET TimeZone = 'America/New_York'`);
  tenant = (await database.db.tenant.create({ data: { name: "Keys" } })).tenantId;
});

afterAll(() => database.drop());

async function createKey(...args: string[]) {
  const { code, stdout, stderr } = await lethe(
    ["key", "create", "--tenant", tenant, "--json", ...args],
    settings,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

test("a key has the name, scopes and life that were asked for", async () => {
  const before = Date.now();
  const key = await createKey("--name", "ci", "--scopes", "chats:delete, chats:read", "--expires-in", "30d");
  expect(key).toMatchObject({ tenant_id: tenant, name: "ci", scopes: ["chats:read", "chats:delete"] });
  const life = new Date(key.expires_at).getTime() - before;
  expect(Math.abs(life - 30 * 86_400_000)).toBeLessThan(60_000);
  const principal = await authenticateApiKey(database.db, key.api_key);
  expect(principal).toMatchObject({ id: key.id, scopes: ["chats:read", "chats:trash", "chats:delete"] });
});

test("an hour is an hour by the clock of a database in another zone", async () => {
  const { id } = await createKey("--expires-in", "1h");
  const rows = await database.db.$queryRaw`
    SELECT ceil(extract(epoch FROM expires_at - now()) / 60)::integer AS minutes FROM api_key WHERE id = ${id}::uuid`;
  expect(rows).toEqual([{ minutes: 60 }]);
});

test("without options it has all scopes that let nobody in, and lives for ever", async () => {
  const key = await createKey();
  expect(key).toMatchObject({
    scopes: ["chats:read", "chats:write", "chats:trash", "chats:delete", "holds:write", "settings:write"],
    expires_at: null,
  });
});

test("a time in another zone is taken as the same moment", async () => {
  const key = await createKey("--expires-at", "2099-01-01T02:00:00+02:00");
  expect(key.expires_at).toBe("2099-01-01T00:00:00.000Z");
});

test("list shows state and prefix, never a key", async () => {
  const key = await createKey("--name", "listed");
  const json = await lethe(["key", "list", "--tenant", tenant, "--json"], settings);
  const listed = JSON.parse(json.stdout).data.find(({ id }: { id: string }) => id === key.id);
  const { id, name, prefix, scopes, created_at } = key;
  const nulls = { expires_at: null, revoked_at: null, last_used_at: null };
  expect(listed).toEqual({ id, name, prefix, scopes, created_at, ...nulls });
  const table = await lethe(["key", "list", "--tenant", tenant], settings);
  expect(table.stdout).toMatch(new RegExp(`^${key.id} +active .* ${key.prefix} .* listed$`, "m"));
  expect(json.stdout + table.stdout).not.toContain(key.api_key);
});

test("a revoked key opens nothing; revoking again changes nothing", async () => {
  const key = await createKey();
  const args = ["key", "revoke", "--tenant", tenant, "--key", key.id, "--json"];
  const first = await lethe(args, settings);
  expect(JSON.parse(first.stdout)).toEqual({ id: key.id, revoked_at: expect.any(String) });
  expect((await lethe(args, settings)).stdout).toBe(first.stdout);
  await expect(authenticateApiKey(database.db, key.api_key)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
});

const stranger = "00000000-0000-4000-8000-000000000000";

test.each([
  [["key", "create", "--tenant", stranger], 1, "no tenant"],
  [["key", "revoke", "--tenant", stranger, "--key", stranger], 1, "no API key"],
  [["key", "create", "--tenant", stranger, "--scopes", "chats:all"], 2, "chats:read"],
  [["key", "create", "--tenant", stranger, "--scopes", ""], 2, "chats:read"],
  [["key", "create", "--tenant", stranger, "--expires-in", "soon"], 2, "30d"],
  [["key", "create", "--tenant", stranger, "--expires-at", "2001-01-01T00:00:00Z"], 2, "future"],
  [["key", "create", "--tenant", stranger, "--expires-at", "tomorrow"], 2, "RFC 3339"],
  [
    ["key", "create", "--tenant", stranger, "--expires-in", "1d", "--expires-at", "2099-01-01T00:00:00Z"],
    2,
    "cannot be used with",
  ],
  [["key", "list", "--tenant", "acme"], 2, "UUID"],
  [["key", "list"], 2, "--tenant"],
])("%j ends with %i and says why", async (args, expected, hint) => {
  const { code, stdout, stderr } = await lethe(args, settings);
  expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
  expect(stderr).toContain(hint);
  expect(stderr).not.toContain("    at ");
});
