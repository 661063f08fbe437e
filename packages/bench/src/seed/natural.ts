import type { BenchDatabase } from "../rig/postgres.ts";
import { chatIdSql } from "./ids.ts";
import { body, type ChatSet, type Credentials, createdAt } from "./lethe.ts";

/** What anyone would write for chats and messages: one foreign key that cascades, and an index that serves it. */
const schema = `
  CREATE TABLE api_key (hash bytea PRIMARY KEY, tenant_id uuid NOT NULL);
  CREATE TABLE chat (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    title text NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  );
  CREATE INDEX chat_tenant_idx ON chat (tenant_id, updated_at, id);
  CREATE TABLE message (
    chat_id uuid NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
    seq integer NOT NULL,
    author text NOT NULL,
    body text NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (chat_id, seq)
  )`;

export async function createNaturalSchema(database: BenchDatabase, credentials: Credentials): Promise<void> {
  await database.run(schema);
  await database.run("INSERT INTO api_key VALUES ($1, $2)", [credentials.hash, credentials.tenantId]);
}

/** Empties the tables, for every measurement begins alike. */
export const clearNatural = (database: BenchDatabase) => database.run("TRUNCATE chat, message");

/** Adds chats to the rivals' tables with set-based statements. */
export async function seedNatural(
  database: BenchDatabase,
  { tenantId }: Credentials,
  { label, chats, messages }: ChatSet,
): Promise<void> {
  const ids = `SELECT n, ${chatIdSql(label, "n")} AS id FROM generate_series(0, ${chats - 1}) AS n`;
  await database.run("SET session_replication_role = replica");
  await database.run(`
    INSERT INTO chat (id, tenant_id, title, created_at, updated_at)
    SELECT id, '${tenantId}', 'Chat ' || n, ${createdAt("n")}, ${createdAt("n")} FROM (${ids}) AS c`);
  await database.run(`
    WITH c AS MATERIALIZED (${ids})
    INSERT INTO message (chat_id, seq, author, body)
    SELECT c.id, seq, 'Ada', ${body("seq")} FROM c, generate_series(1, ${messages}) AS seq`);
  await database.run("SET session_replication_role = DEFAULT");
}

export const naturalTables = { create: createNaturalSchema, clear: clearNatural, seed: seedNatural };
