import { type Database, Prisma } from "@lethe/db";
import { provenTenantId } from "../src/credentials/principal.ts";
import { type Context, createTenant } from "../src/index.ts";

/** The tenant that has everything, and what hangs on it. */
export const store = {
  // The first by its id: who goes through all of them in their order has found it before any that came and went.
  gatewayId: "00000000-0000-4000-8000-000000000002",
  webhookId: "5707e000-0000-4000-8000-000000000003",
} as const;
export const tenantId = provenTenantId.parse("5707e000-0000-4000-8000-000000000001");
export const actor = { kind: "api_key", id: "x", via: "rest" } as const;
export const contextOf = (db: Database): Context => ({ db, tenantId, actor });

/** Another tenant in the same tables, which has nothing yet. */
export async function another(db: Database): Promise<Context> {
  const { tenantId: id } = await createTenant(db, { name: "small" });
  return { db, tenantId: id, actor };
}

/** The tables of a database as they are named in SQL, oldest first. */
export async function tablesOf(db: Pick<Database, "$queryRaw">): Promise<Prisma.Sql[]> {
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT relname AS name FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid`;
  return tables.map(({ name }) => Prisma.raw(`"${name}"`));
}

/**
 * Makes what does not grow: the tenant, its gateway and its webhook. From then on PostgreSQL gathers no statistics by
 * itself, and reads no pages for them.
 */
export async function openStore(db: Database): Promise<void> {
  for (const table of await tablesOf(db))
    await db.$executeRaw`ALTER TABLE ${table} SET (autovacuum_enabled = false)`;
  const { gatewayId, webhookId } = store;
  await db.tenant.create({ data: { tenantId, name: "store" } });
  await db.gateway.create({ data: { id: gatewayId, host: "test", leaseExpiresAt: new Date() } });
  await db.webhookEndpoint.create({
    data: {
      tenantId,
      id: webhookId,
      url: "https://example.com",
      eventTypes: ["chat.deleted"],
      secret: "x",
      createdAt: new Date(0),
    },
  });
}

/** The id of the nth row of any table, in SQL: in order, so that an index grows at its end and fast. */
const id = Prisma.raw("lpad(to_hex(n), 32, '0')::uuid");

/** For each row one of the store's and one of a small tenant's. */
const owned = (from: number, to: number) =>
  Prisma.raw(
    `generate_series(${from + 1}, ${to}) AS n CROSS JOIN LATERAL (VALUES ('${tenantId}'::uuid), (${id.sql})) AS owner(tenant_id)`,
  );

/** Neither foreign keys nor triggers are minded, which are true of these rows anyway. */
const unchecked = Prisma.sql`SET LOCAL session_replication_role = replica`;

/** Opens those chats, behind the first `from`, in the same way. */
export async function openChats(db: Database, from: number, to: number): Promise<void> {
  await db.$transaction([
    db.$executeRaw(unchecked),
    db.$executeRaw`
      INSERT INTO connection (tenant_id, chat_id, id, gateway_id)
      SELECT owner.tenant_id, ${id}, ${id}, ${store.gatewayId}::uuid FROM ${owned(from, to)}`,
  ]);
}

/**
 * Brings every table but that of connections from `from` to `to` rows and tells nobody: no statistics are gathered. There
 * are twice as many chats, titles, messages and lines of ledgers: the average tenant, whom PostgreSQL goes by, has two, and the
 * store's the other half. Lines of the others have long names, for of a table of three pages any part is read as soon as one row.
 */
export async function growStore(db: Database, from: number, to: number): Promise<void> {
  const { webhookId } = store;
  const tenant = Prisma.raw(`'${tenantId}'::uuid`);
  const rows = Prisma.raw(`generate_series(${from + 1}, ${to}) AS n`);
  const chats = owned(from, to);
  await db.$transaction(
    async (tx) => {
      await tx.$executeRaw(unchecked);
      for (const statement of [
        Prisma.sql`INSERT INTO tenant (tenant_id, name, trash_retention_days, retention_days, retention_ran_at)
          SELECT ${id}, 'x', 30, 3650, now() FROM ${rows}`,
        Prisma.sql`INSERT INTO departure (tenant_id, state, actor_kind, via, left_at)
          SELECT ${id}, 'left', 'operator', 'cli', now() FROM ${rows}`,
        Prisma.sql`INSERT INTO api_key (tenant_id, id, name, prefix, hash, scopes)
          SELECT ${id}, ${id}, 'x', 'lethe_' || n, sha256(n::text::bytea), ARRAY['chats:read'] FROM ${rows}`,
        Prisma.sql`INSERT INTO idempotency_key (tenant_id, api_key_id, key_hash, fingerprint, attempt, locked_until)
          SELECT ${id}, ${id}, sha256(n::text::bytea), '', ${id}, now() FROM ${rows}`,
        Prisma.sql`INSERT INTO transcript (tenant_id, chat_id) SELECT owner.tenant_id, ${id} FROM ${chats}`,
        Prisma.sql`INSERT INTO chat (tenant_id, id, title, title_folded, message_count, version, updated_at, trashed_at, purge_at)
          SELECT owner.tenant_id, ${id}, 'chat ' || n, 'chat ' || n, 1, 2, now() - interval '10 days' + n * interval '1 second',
            CASE WHEN n % 2 = 0 AND tenant_id = ${tenant} THEN now() END,
            CASE WHEN n % 2 = 0 AND tenant_id = ${tenant} THEN now() + interval '30 days' END
          FROM ${chats}`,
        Prisma.sql`INSERT INTO title_index (tenant_id, chat_id, terms, folded)
          SELECT owner.tenant_id, ${id}, ARRAY[n], 'chat ' || n FROM ${chats}`,
        Prisma.sql`INSERT INTO message (tenant_id, chat_id, seq, author, body, terms)
          SELECT owner.tenant_id, ${id}, 1, 'Ada', 'hello', ARRAY[n] FROM ${chats}`,
        Prisma.sql`INSERT INTO message_slice (tenant_id, since, mask, size)
          SELECT ${tenant}, now() - n * interval '1 hour', n, 1 FROM ${rows}`,
        Prisma.sql`INSERT INTO deletion (tenant_id, id, chat_id, actor_kind, actor_id, actor_name, via, forced, message_count, deleted_at, erased_at)
          SELECT owner.tenant_id, ${id}, ${id}, 'api_key', 'x', CASE WHEN owner.tenant_id <> ${tenant} THEN repeat('x', 200) END,
            'rest', false, 2, now(), now()
          FROM ${chats}`,
        Prisma.sql`INSERT INTO used_chat_id (tenant_id, chat_id) SELECT ${tenant}, ${id} FROM ${rows}`,
        Prisma.sql`INSERT INTO ledger_export (tenant_id, id, checksum, lines)
          SELECT ${tenant}, ${id}, 'x', 1 FROM ${rows}`,
        Prisma.sql`INSERT INTO event (tenant_id, type, chat_id, at) SELECT ${tenant}, 'chat.created', ${id}, now() FROM ${rows}`,
        Prisma.sql`INSERT INTO deletion_job (tenant_id, id, kind, state, chat_state, actor_kind, actor_id, finished_at)
          SELECT ${tenant}, ${id}, 'bulk', 'finished', 'any', 'api_key', 'x', now() FROM ${rows}`,
        Prisma.sql`INSERT INTO webhook_endpoint (tenant_id, id, url, event_types, secret)
          SELECT ${id}, ${id}, 'https://example.com', ARRAY['chat.deleted'], 'x' FROM ${rows}`,
        Prisma.sql`INSERT INTO webhook_message (tenant_id, event_type, payload, endpoint_ids)
          SELECT ${tenant}, 'chat.deleted', '{}', ARRAY[${webhookId}::uuid] FROM ${rows}`,
        Prisma.sql`INSERT INTO webhook_delivery (tenant_id, endpoint_id, id, event_type, payload, next_attempt_at)
          SELECT ${tenant}, ${webhookId}::uuid, ${id}, 'chat.deleted', '{}', now() + interval '1 day' FROM ${rows}`,
      ])
        await tx.$executeRaw(statement);
    },
    { timeout: 300_000 },
  );
}
