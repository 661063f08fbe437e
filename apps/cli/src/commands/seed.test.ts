import { setTimeout as sleep } from "node:timers/promises";
import { createApiKey, createTenant } from "@lethe/core";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lethe, startLethe } from "../../test/lethe.ts";

let database: TestDatabase;
let settings: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  settings = { DATABASE_URL: database.url };
});

afterAll(() => database.drop());

async function tenantWithKey(scopes: readonly ("chats:read" | "chats:write")[] = ["chats:write"]) {
  const { tenantId } = await createTenant(database.db, { name: "Seeded" });
  const { apiKey } = await createApiKey(database.db, { tenantId, name: "seed", scopes });
  return { tenantId, apiKey };
}

test("it fills the tenant of the key and says what it wrote", async () => {
  const { tenantId, apiKey } = await tenantWithKey();
  const other = await tenantWithKey();
  const args = ["seed", "--api-key", apiKey, "--chats", "30", "--messages", "4"];
  const { code, stdout } = await lethe([...args, "--json"], settings);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ chats: 30, messages: 120, seconds: expect.any(Number) });
  expect(await database.db.chat.count({ where: { tenantId } })).toBe(30);
  expect(await database.db.message.count({ where: { tenantId } })).toBe(120);
  expect(await database.db.chat.count({ where: { tenantId: other.tenantId } })).toBe(0);
  expect((await lethe(args, settings)).stdout).toMatch(/^Wrote 30 chats and 120 messages in [\d.]+ s\.\n$/);
});

test("Ctrl-C stops it in good order: whole chats, exit code 130", async () => {
  const { tenantId, apiKey } = await tenantWithKey();
  const args = ["seed", "--api-key", apiKey, "--chats", "1000000", "--messages", "1"];
  const { child, ended, written } = startLethe(args, settings);
  while (!written.stderr.includes("rows/s")) await sleep(20);
  child.kill("SIGINT");
  const { code, stdout } = await ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  const chats = await database.db.chat.count({ where: { tenantId } });
  expect(chats).toBeGreaterThan(0);
  expect(await database.db.message.count({ where: { tenantId } })).toBe(chats);
});

test.each([
  ["an unknown key", async () => "lethe_unknown", "unknown, expired or revoked"],
  ["a key that may only read", async () => (await tenantWithKey(["chats:read"])).apiKey, "chats:write"],
])("%s is refused", async (_, key, hint) => {
  const before = await database.db.chat.count();
  const { code, stdout, stderr } = await lethe(["seed", "--api-key", await key()], settings);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(hint);
  expect(await database.db.chat.count()).toBe(before);
});

test.each(["0", "-1", "1.5", "1e3", "many", "1,000"])("--chats %s is a usage error", async (count) => {
  const { code, stderr } = await lethe(["seed", "--api-key", "k", `--chats=${count}`], settings);
  expect(code).toBe(2);
  expect(stderr).toContain("whole number");
});
