import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createTestDatabase } from "./testing/index.ts";
import { withPatience } from "./testing/start-test-server.ts";

/** How many rows of a chat each table keeps after its deletion: the vault none, the record of it one. */
const KEPT = {
  chat: 0,
  connection: 0,
  deletion: 1,
  deletion_job_failure: 0,
  event: 1,
  idempotency_key: 0,
  message: 0,
  title_index: 0,
  transcript: 0,
  used_chat_id: 0,
};

const HANGING_ON_A_CHAT = `
  SELECT c.relname AS table, a.attname AS column FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    AND (a.attname = 'chat_id' OR (c.relname = 'chat' AND a.attname = 'id'))
  ORDER BY c.relname`;

test("every table that hangs on a chat is known to the deletion", async () => {
  const { url, db, drop } = await createTestDatabase();
  onTestFinished(drop);
  const { tenantId } = await db.tenant.create({ data: { name: "Acme" } });
  const chatId = randomUUID();
  await db.transcript.create({ data: { tenantId, chatId } });
  await db.chat.create({ data: { tenantId, id: chatId, title: "Secret", messageCount: 1 } });
  await db.titleIndex.create({ data: { tenantId, chatId, terms: [1] } });
  await db.message.create({ data: { tenantId, chatId, seq: 1, author: "a", body: "b" } });
  const gateway = await db.gateway.create({
    data: { id: randomUUID(), host: "h", leaseExpiresAt: new Date(0), lapsed: true },
  });
  await db.connection.create({ data: { tenantId, chatId, id: randomUUID(), gatewayId: gateway.id } });

  const rowsByTable = () =>
    withPatience(url, async (client) => {
      const found = await client.query(HANGING_ON_A_CHAT);
      const tables = z.array(z.object({ table: z.string(), column: z.string() })).parse(found.rows);
      const counts: Record<string, number | null> = {};
      for (const { table, column } of tables) {
        const sql = `SELECT 1 FROM "${table}" WHERE "${column}" = $1`;
        counts[table] = (await client.query(sql, [chatId])).rowCount;
      }
      return counts;
    });

  expect(await rowsByTable()).toEqual({
    chat: 1,
    connection: 1,
    deletion: 0,
    deletion_job_failure: 0,
    event: 0,
    idempotency_key: 0,
    message: 1,
    title_index: 1,
    transcript: 1,
    used_chat_id: 0,
  });
  const request = {
    ordinal: 0,
    deletion_id: randomUUID(),
    tenant_id: tenantId,
    chat_id: chatId,
    force: false,
    versions: null,
    actor_kind: "api_key",
    actor_id: "k",
    via: "rest",
  };
  const outcomes = await db.$queryRaw`
    SELECT outcome FROM delete_chats(${JSON.stringify([request])}::jsonb, 256, 1000)`;
  expect(outcomes).toEqual([{ outcome: "deleted" }]);
  expect(await rowsByTable()).toEqual(KEPT);
});
