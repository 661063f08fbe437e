import type { BenchDatabase } from "../rig/database.ts";
import type { Credentials } from "./credentials.ts";
import { chatIdSql } from "./ids.ts";
import { body, type ChatSet, createdAt } from "./lifelike.ts";

/** Gives Lethe's migrated database a tenant and its key. */
export async function createLetheTenant(database: BenchDatabase, credentials: Credentials): Promise<void> {
  const { tenantId, apiKey, hash } = credentials;
  await database.run("INSERT INTO tenant (tenant_id, name) VALUES ($1, 'Bench')", [tenantId]);
  await database.run(
    `INSERT INTO api_key (tenant_id, name, prefix, hash, scopes)
     VALUES ($1, 'Bench', $2, $3, '{chats:read,chats:write,chats:delete,settings:write}')`,
    [tenantId, apiKey.slice(0, 14), hash],
  );
}

/** Empties the tables, for every measurement begins alike. */
export const clearLethe = (database: BenchDatabase) =>
  database.run("TRUNCATE chat, message, transcript, connection, deletion, event");

/** Adds chats to Lethe's tables with set-based statements, as if they had been written through it. */
export async function seedLethe(
  database: BenchDatabase,
  { tenantId }: Credentials,
  { label, chats, messages }: ChatSet,
): Promise<void> {
  const ids = `SELECT n, ${chatIdSql(label, "n")} AS id FROM generate_series(0, ${chats - 1}) AS n`;
  await database.run("SET session_replication_role = replica");
  await database.run(`
    INSERT INTO transcript (tenant_id, chat_id, created_at)
    SELECT '${tenantId}', id, ${createdAt("n")} FROM (${ids}) AS c`);
  await database.run(`
    INSERT INTO chat (tenant_id, id, title, message_count, created_at, updated_at)
    SELECT '${tenantId}', id, 'Chat ' || n, ${messages}, ${createdAt("n")}, ${createdAt("n")} FROM (${ids}) AS c`);
  await database.run(`
    WITH c AS MATERIALIZED (${ids})
    INSERT INTO message (tenant_id, chat_id, seq, author, body)
    SELECT '${tenantId}', c.id, seq, 'Ada', ${body("seq")} FROM c, generate_series(1, ${messages}) AS seq`);
  await database.run("SET session_replication_role = DEFAULT");
}
