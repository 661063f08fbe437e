import { createClient, type Database } from "@lethe/db";
import { createTestDatabase, openPostgres15 } from "@lethe/db/testing";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { pruneKeys } from "../src/idempotency/prune-keys.ts";
import { createApiKey, createWebhook } from "../src/index.ts";
import { removeBatch } from "../src/leaving/remove-rest.ts";
import { pruneDeliveries } from "../src/webhooks/prune-log.ts";
import { recordAttempts } from "../src/webhooks/record-attempts.ts";
import { another, growStore, openStore, tenantId } from "./grown-store.ts";
import { ledgerWork } from "./hot-ledger.ts";
import { chatVerbs, type HotVerb } from "./hot-verbs.ts";
import { hotWork } from "./hot-work.ts";
import { policy } from "./webhooks.ts";

const bytes = new Uint8Array([1]);

async function partitioned(serverUrl?: string) {
  const database = await createTestDatabase(serverUrl, { partitioned: true });
  onTestFinished(database.drop);
  return database;
}

/** Sessions of a client; a purge needs two. */
const poolSize = 2;

const scanRows = z.array(z.object({ table: z.string(), part: z.string(), scans: z.bigint() }));

/** How often each partition was looked into, by an index or without. */
async function scans(watcher: Database) {
  const rows = await watcher.$queryRaw`
    SELECT parent.relname AS table, substring(stat.relname FROM '_p([0-9]+)$') AS part,
      stat.seq_scan + coalesce(stat.idx_scan, 0) AS scans
    FROM pg_inherits
    JOIN pg_class AS parent ON parent.oid = inhparent AND parent.relkind = 'p'
    JOIN pg_stat_user_tables AS stat ON stat.relid = inhrelid`;
  return new Map(scanRows.parse(rows).map((row) => [`${row.table}_p${row.part}`, row]));
}

/** Has the sessions of a client tell what they have looked at. */
async function flush(db: Database) {
  const flushed = Promise.withResolvers<void>();
  let missing = poolSize;
  await Promise.all(
    Array.from({ length: poolSize }, () =>
      db.$transaction(
        async (session) => {
          missing -= 1;
          if (missing === 0) flushed.resolve();
          await flushed.promise;
          await session.$queryRaw`SELECT pg_stat_force_next_flush()::text`;
        },
        { maxWait: 120_000, timeout: 120_000 },
      ),
    ),
  );
}

/** The tables of which a verb looks into more than one partition. */
async function spread(verb: HotVerb, db: Database, watcher: Database): Promise<string[]> {
  const run = await verb.prepare(db, watcher);
  await Promise.all([flush(db), flush(watcher)]);
  const before = await scans(watcher);
  await run();
  await flush(db);
  const parts = new Map<string, Set<string>>();
  for (const [name, { table, part, scans: count }] of await scans(watcher))
    if (count > (before.get(name)?.scans ?? 0n)) parts.set(table, (parts.get(table) ?? new Set()).add(part));
  return [...parts].filter(([, { size }]) => size > 1).map(([table]) => table);
}

/** What is done for all tenants at once looks for it in every partition, by an index of each. */
const forAllTenants = {
  "due work": ["chat", "deletion", "deletion_job", "message", "title_index"],
  lease: ["connection"],
  sweeps: ["deletion", "deletion_job", "event", "idempotency_key", "webhook_delivery", "webhook_endpoint"],
  tail: ["event"],
  webhooks: ["event", "webhook_endpoint"],
};

/** By the index, which a list asks only among many. */
const findTitles: HotVerb = {
  name: "find titles",
  rows: 0,
  prepare: async (db) => () =>
    db.$queryRaw`SELECT * FROM search_titles(${tenantId}::uuid, ARRAY[7], true, '%', 10, 10)`,
};

// PostgreSQL 18 looks into all of them: see docs/adr/0054-tables-partitioned-by-tenant.md.
it("what is asked for a tenant looks into its partition alone", async ({ skip }) => {
  const found15 = await openPostgres15();
  if ("missing" in found15) return skip(found15.missing);
  onTestFinished(found15.server.stop);
  const { url, db: watcher } = await partitioned(found15.server.url);
  const db = createClient({ url, poolSize });
  onTestFinished(() => db.$disconnect());
  await openStore(watcher);
  await growStore(watcher, 0, 100);
  const found: Record<string, string[]> = {};
  for (const verb of [...chatVerbs, findTitles, ...hotWork, ...ledgerWork]) {
    const tables = await spread(verb, db, watcher);
    if (tables.length > 0) found[verb.name] = tables.toSorted();
  }
  expect(found).toEqual(forAllTenants);
});

it("what is swept out or noted is what was found, not what lies at the same place in another partition", async () => {
  const { db } = await partitioned();
  const tenants = await Promise.all(Array.from({ length: 16 }, () => another(db)));
  const old = new Date(Date.now() - 90 * 86_400_000);
  // One after the other, so that in each partition they lie at the same places.
  for (const [n, ctx] of tenants.entries()) {
    const { tenantId } = ctx;
    const createdAt = n % 2 === 0 ? old : new Date();
    const { id: apiKeyId } = await createApiKey(db, { tenantId, name: "x" });
    await db.idempotencyKey.create({
      data: {
        ...{ tenantId, apiKeyId, createdAt },
        ...{ keyHash: bytes, fingerprint: bytes, attempt: apiKeyId, lockedUntil: createdAt },
      },
    });
    const url = "https://example.com";
    const { id: webhookId } = await createWebhook(ctx, { url, eventTypes: ["chat.deleted"], policy });
    const delivery = { tenantId, endpointId: webhookId, eventType: "chat.deleted", payload: {}, createdAt };
    await db.webhookDelivery.create({ data: delivery });
    await db.event.create({ data: { tenantId, type: "chat.created" } });
  }
  const [, first, , second] = tenants;
  if (first === undefined || second === undefined) throw new Error("There are no tenants");

  expect(await pruneKeys(db)).toBe(8);
  expect(await db.idempotencyKey.count({ where: { createdAt: { gt: old } } })).toBe(8);

  expect(await pruneDeliveries(db, 30 * 86_400_000)).toBe(8);
  const { endpointId: webhookId, id } = await db.webhookDelivery.findFirstOrThrow({
    where: { tenantId: first.tenantId },
  });
  const outcome = { result: "delivered", status: 200 } as const;
  await recordAttempts(db, [{ tenantId: first.tenantId, webhookId, id, step: 0, outcome }], [1]);
  const deliveries = await db.webhookDelivery.findMany({ where: { attempts: { gt: 0 } } });
  expect(deliveries.map((delivery) => delivery.id)).toEqual([id]);
  expect(await db.webhookDelivery.count()).toBe(8);

  while (await db.$transaction((tx) => removeBatch(tx, second.tenantId)));
  expect(await db.event.count()).toBe(15);
  expect(await db.webhookDelivery.count()).toBe(7);
  expect(await db.idempotencyKey.count()).toBe(7);
});
