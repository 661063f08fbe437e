import { createClient } from "@lethe/db";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { revokeApiKey } from "../credentials/api-keys.ts";
import { limits } from "../limits.ts";
import { demoChatId } from "./demo-chats.ts";
import { demoApiKey, demoTenantId, findDemoKey, seedDemo } from "./seed-demo.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

test("an empty database gets a tenant, a key and lifelike chats", async () => {
  const { db } = database;
  await db.$connect();
  expect(await seedDemo(db)).toBe("seeded");

  const chats = await db.chat.findMany({ orderBy: { updatedAt: "desc" } });
  expect(chats.length).toBeGreaterThanOrEqual(40);
  expect(new Set(chats.map((chat) => chat.title)).size).toBe(chats.length);
  expect(chats[0]).toMatchObject({ id: demoChatId, tenantId: demoTenantId });
  expect(chats.filter((chat) => chat.messageCount >= 2_000)).toHaveLength(1);
  expect(chats.every((chat) => chat.updatedAt <= new Date() && chat.createdAt < chat.updatedAt)).toBe(true);
});

test("counters, sequence numbers and times of every chat agree with its messages", async () => {
  const { db } = database;
  await seedDemo(db);
  const disagreeing = await db.$queryRaw`
    SELECT chat.title FROM chat JOIN message ON message.tenant_id = chat.tenant_id AND message.chat_id = chat.id
    GROUP BY chat.tenant_id, chat.id
    HAVING count(*) <> message_count OR max(seq) <> message_count OR min(seq) <> 1 OR version <> 1 + message_count
      OR max(message.created_at) <> updated_at OR min(message.created_at) <> chat.created_at
      OR array_agg(seq ORDER BY seq) <> array_agg(seq ORDER BY message.created_at)`;
  expect(disagreeing).toEqual([]);
  const tooLong = await db.$queryRaw`
    SELECT 1 FROM message WHERE length(author) NOT BETWEEN 1 AND ${limits.authorLength} OR body = ''`;
  expect(tooLong).toEqual([]);
});

test("only the hash of the demo key is stored", async () => {
  const { db } = database;
  await seedDemo(db);
  const [found] = await db.$queryRaw<{ hash: string; row: string }[]>`
    SELECT encode(hash, 'hex') AS hash, api_key::text AS row FROM api_key`;
  // printf your-tenant-api-key | sha256sum
  expect(found?.hash).toBe("454834efc2b0313801157d20740ffdb2dee863ef184226ef925f2d29eb42a735");
  expect(found?.row).not.toContain(demoApiKey);
});

test("the demo key is found until it is revoked", async () => {
  const { db } = database;
  expect(await findDemoKey(db)).toBeNull();
  await seedDemo(db);
  const key = await findDemoKey(db);
  if (!key) throw new Error("the key was not found");
  expect(key.tenantId).toBe(demoTenantId);
  await revokeApiKey(db, key);
  expect(await findDemoKey(db)).toBeNull();
});

test("a deleted demo chat stays deleted when the demo is asked for again", async () => {
  const { db } = database;
  await seedDemo(db);
  await db.$executeRaw`DELETE FROM message WHERE chat_id = ${demoChatId}::uuid`;
  await db.$executeRaw`DELETE FROM chat WHERE id = ${demoChatId}::uuid`;
  await db.$executeRaw`DELETE FROM transcript WHERE chat_id = ${demoChatId}::uuid`;
  const before = await db.chat.count();
  expect(await seedDemo(db)).toBe("present");
  expect(await db.chat.count()).toBe(before);
});

test("several processes that start at once write it once", async () => {
  const clients = Array.from({ length: 5 }, () => createClient({ url: database.url }));
  try {
    const states = await Promise.all(clients.map(seedDemo));
    expect(states.toSorted()).toEqual(["present", "present", "present", "present", "seeded"]);
    expect(await database.db.tenant.count()).toBe(1);
  } finally {
    await Promise.all(clients.map((client) => client.$disconnect()));
  }
});

test("a database with chats of others gets neither demo nor key; one with a mere tenant does", async () => {
  const { db } = database;
  const tenant = await db.tenant.create({ data: { name: "Real" } });
  await db.transcript.create({ data: { tenantId: tenant.tenantId, chatId: crypto.randomUUID() } });
  expect(await seedDemo(db)).toBe("in_use");
  expect(await db.apiKey.count()).toBe(0);
  await db.transcript.deleteMany();
  expect(await seedDemo(db)).toBe("seeded");
});
