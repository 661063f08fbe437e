import { authenticateApiKey } from "@lethe/core";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lethe } from "../../test/lethe.ts";

let database: TestDatabase;
let settings: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  settings = { DATABASE_URL: database.url };
});

afterAll(() => database.drop());

test("create --json prints the id and a key that opens the tenant, and nothing else", async () => {
  const { code, stdout } = await lethe(["tenant", "create", "--name", " Acme & Søn ", "--json"], settings);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\{"tenant_id":"[0-9a-f-]{36}","api_key":"lethe_\w{8}_[\w-]{43}"\}\n$/);
  const { tenant_id, api_key } = JSON.parse(stdout);
  expect(await authenticateApiKey(database.db, api_key)).toMatchObject({
    tenantId: tenant_id,
    scopes: ["chats:read", "chats:write", "chats:trash", "chats:delete", "holds:write", "settings:write"],
  });
  expect(await database.db.tenant.findUnique({ where: { tenantId: tenant_id } })).toMatchObject({
    name: "Acme & Søn",
  });
});

test("create shows people the same, and tells them on stderr to keep the key", async () => {
  const { code, stdout, stderr } = await lethe(["tenant", "create", "--name", "Human"], settings);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Tenant {3}[0-9a-f-]{36}\nAPI key {2}lethe_\S+\n$/);
  expect(stderr).toContain("not shown again");
});

test("list has every tenant and no key", async () => {
  const created = await lethe(["tenant", "create", "--name", "Listed", "--json"], settings);
  const { tenant_id, api_key } = JSON.parse(created.stdout);
  await database.db.tenant.create({ data: { name: "from before \u001b[2J\u202e" } });
  const json = await lethe(["tenant", "list", "--json"], settings);
  expect(JSON.parse(json.stdout).data).toContainEqual({
    tenant_id,
    name: "Listed",
    created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    leaving_since: null,
  });
  const table = await lethe(["tenant", "list"], settings);
  expect(table.stdout).toMatch(new RegExp(`^${tenant_id} .* active {2}Listed$`, "m"));
  expect(table.stdout).toContain("from before \ufffd[2J\ufffd");
  expect(json.stdout + table.stdout).not.toContain(api_key);
});

test.each([
  [["tenant", "create"], "--name"],
  [["tenant", "create", "--name", "  "], "1 to 200 characters"],
  [["tenant", "create", "--name", "x".repeat(201)], "1 to 200 characters"],
  [["tenant", "create", "--name", "\u200b\u200b"], "can be seen"],
  [["tenant", "create", "--nmae", "x"], "--name"],
  [["tenant", "destroy"], "destroy"],
])("%j is a usage error that says what is wrong", async (args, hint) => {
  const { code, stdout, stderr } = await lethe(args, settings);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(hint);
});
