import { randomUUID } from "node:crypto";
import { createClient, type Database } from "@lethe/db";
import { createTestDatabase } from "@lethe/db/testing";
import { expect, onTestFinished, test } from "vitest";
import { listWebhookDeliveries } from "../src/index.ts";
import { pruneDeliveries } from "../src/webhooks/prune-log.ts";
import { contextOf, openStore, store, tenantId } from "./grown-store.ts";
import { flush, lookedAtDuring } from "./looked-at.ts";

const size = 10_000;

/** Two webhooks, of which one was told little and the other all the time; analyzed. */
async function open() {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const { db } = database;
  await openStore(db);
  const quiet = randomUUID();
  await db.$executeRaw`
    INSERT INTO webhook_endpoint (tenant_id, id, url, event_types, secret)
    VALUES (${tenantId}::uuid, ${quiet}::uuid, 'https://example.com', ARRAY['chat.deleted'], 'x')`;
  await db.$executeRaw`
    INSERT INTO webhook_delivery (tenant_id, endpoint_id, id, event_type, payload, created_at, state)
    SELECT ${tenantId}::uuid, CASE WHEN n <= 120 THEN ${quiet}::uuid ELSE ${store.webhookId}::uuid END,
      gen_random_uuid(), 'chat.deleted', '{"type": "chat.deleted", "timestamp": "2026-01-01T00:00:00.000Z", "data": {}}',
      now() - interval '25 days' + n * interval '1 minute', 'delivered'
    FROM generate_series(1, ${size}::integer) AS n`;
  await db.$executeRaw`ANALYZE`;
  const client = (pooling: "none" | "transaction") => {
    const session = createClient({ url: database.url, poolSize: 1, idleTimeoutMs: 0, pooling });
    onTestFinished(() => session.$disconnect());
    return session;
  };
  /** Rows that are looked at while a session does something. */
  const rowsOf = async (session: Database, work: () => Promise<unknown>) =>
    (await lookedAtDuring(db, work, () => flush(session))).rows;
  return { db, quiet, client, rowsOf };
}

test("the log of a webhook is read without that of a busy one, whichever page of a session it is", async () => {
  const { quiet, client, rowsOf } = await open();
  // From the sixth call on a session may keep a plan for any webhook.
  const session = client("none");
  for (const webhookId of [...Array<string>(8).fill(quiet), store.webhookId]) {
    const page = { webhookId, limit: 50 };
    const told = new Set<string>();
    const read = async () => {
      const { items, nextCursor: cursor } = await listWebhookDeliveries(contextOf(session), page);
      const next = await listWebhookDeliveries(contextOf(session), { ...page, cursor });
      for (const { id } of [...items, ...next.items]) told.add(id);
    };
    expect(await rowsOf(session, read)).toBeLessThan(150);
    expect(told.size).toBe(100);
  }
});

test("a webhook that was deleted goes with its log, and that of a busy one is not looked through for it", async () => {
  const { db, quiet, client, rowsOf } = await open();
  const pooled = client("transaction");
  const keepMs = 30 * 86_400_000;
  expect(await rowsOf(pooled, () => pruneDeliveries(pooled, keepMs))).toBeLessThan(50);
  await db.$executeRaw`
    UPDATE webhook_endpoint SET deleted_at = now() - interval '1 hour', enabled = false WHERE id = ${quiet}::uuid`;
  expect(await rowsOf(pooled, () => pruneDeliveries(pooled, keepMs))).toBeLessThan(1_000);
  expect([await db.webhookEndpoint.count(), await db.webhookDelivery.count()]).toEqual([1, size - 120]);
});
