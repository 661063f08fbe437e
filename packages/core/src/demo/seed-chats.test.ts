import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "../context.ts";
import { createTenant } from "../credentials/tenants.ts";
import { type SeedProgress, seedChats } from "./seed-chats.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

async function tenant(): Promise<Context> {
  const { db } = database;
  const { tenantId } = await createTenant(db, { name: "Seeded" });
  return { db, tenantId, actor: { kind: "operator", id: "test", via: "cli" } };
}

/** Chats whose counters, sequence or times do not agree with their messages. */
function disagreeing({ db, tenantId }: Context) {
  return db.$queryRaw`
    SELECT chat.title FROM chat LEFT JOIN message ON message.tenant_id = chat.tenant_id AND chat_id = chat.id
    WHERE chat.tenant_id = ${tenantId}::uuid
    GROUP BY chat.tenant_id, chat.id
    HAVING count(seq) <> message_count OR coalesce(max(seq), 0) <> message_count OR version <> 1 + message_count
      OR coalesce(max(message.created_at), updated_at) <> updated_at OR updated_at > clock_timestamp()
      OR array_agg(seq ORDER BY seq) <> array_agg(seq ORDER BY message.created_at, seq)`;
}

test.each([
  { chats: 1, messages: 0 },
  { chats: 7, messages: 3 },
  { chats: 12_000, messages: 1 },
  { chats: 2, messages: 10_000 },
  { chats: 2, messages: 25_001 },
])("$chats chats of $messages messages are written, exactly", async ({ chats, messages }) => {
  const ctx = await tenant();
  const told: SeedProgress[] = [];
  const written = await seedChats(ctx, { chats, messages, onProgress: (progress) => told.push(progress) });
  const where = { tenantId: ctx.tenantId };
  expect(written).toEqual({ chats, messages: chats * messages });
  expect(told.at(-1)).toEqual(written);
  expect(await ctx.db.chat.count({ where: { ...where, messageCount: messages } })).toBe(chats);
  expect(await ctx.db.message.count({ where })).toBe(chats * messages);
  expect(await disagreeing(ctx)).toEqual([]);
});

test("the texts vary", async () => {
  const ctx = await tenant();
  await seedChats(ctx, { chats: 100, messages: 5 });
  const where = { tenantId: ctx.tenantId };
  const titles = await ctx.db.chat.findMany({ where, distinct: ["title"] });
  const bodies = await ctx.db.message.findMany({ where, distinct: ["body"] });
  const authors = await ctx.db.message.findMany({ where, distinct: ["author"] });
  expect(titles.length).toBeGreaterThan(90);
  expect(bodies.length).toBeGreaterThan(200);
  expect(authors.length).toBeGreaterThan(10);
  expect(bodies.every(({ body }) => body.trim() !== "")).toBe(true);
});

test("a seeding that is stopped leaves whole chats", async () => {
  const ctx = await tenant();
  const stop = new AbortController();
  const written = await seedChats(ctx, {
    chats: 20_000,
    messages: 2,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  expect(written.chats).toBeLessThan(20_000);
  expect(await ctx.db.chat.count({ where: { tenantId: ctx.tenantId } })).toBe(written.chats);
  expect(await disagreeing(ctx)).toEqual([]);
});
