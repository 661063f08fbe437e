import { createHash, randomBytes, randomUUID } from "node:crypto";
import { foldTitle } from "@lethe/text";
import type { BenchDatabase } from "../rig/postgres.ts";
import { chatId, chatIdSql } from "./ids.ts";

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
  database.run("TRUNCATE chat, title_index, message, transcript, connection, deletion, event");

/** Chats that are written at a time. */
const batch = 10_000;

/** Adds chats to Lethe's tables with set-based statements, as if they had been written through it. */
export async function seedLethe(
  database: BenchDatabase,
  { tenantId }: Credentials,
  { label, chats, messages, title = (n) => `Chat ${n}` }: ChatSet,
): Promise<void> {
  const ids = `SELECT n, ${chatIdSql(label, "n")} AS id FROM generate_series(0, ${chats - 1}) AS n`;
  await database.run("SET session_replication_role = replica");
  await database.run(`
    INSERT INTO transcript (tenant_id, chat_id, created_at)
    SELECT '${tenantId}', id, ${createdAt("n")} FROM (${ids}) AS c`);
  // An index that is made over very many titles is made sooner than one that grows with them.
  const [index] =
    chats > batch
      ? await database.run("SELECT pg_get_indexdef('title_index_terms_idx'::regclass) AS sql")
      : [];
  if (index) await database.run("DROP INDEX title_index_terms_idx");
  for (let first = 0; first < chats; first += batch) {
    const numbers = Array.from({ length: Math.min(batch, chats - first) }, (_, at) => first + at);
    const titles = numbers.map((n) => ({ title: title(n), ...foldTitle(tenantId, title(n)) }));
    await database.run(
      `WITH given AS (
         SELECT * FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::text[], $5::text[])
           AS given(n, id, title, folded, terms)
       ),
       door AS (
         INSERT INTO chat (tenant_id, id, title, title_folded, message_count, created_at, updated_at)
         SELECT '${tenantId}', id, title, folded, ${messages}, ${createdAt("n")}, ${createdAt("n")} FROM given
       )
       INSERT INTO title_index (tenant_id, chat_id, terms, folded)
       SELECT '${tenantId}', id, terms::integer[], folded FROM given`,
      [
        numbers,
        numbers.map((n) => chatId(label, n)),
        titles.map((one) => one.title),
        titles.map(({ folded }) => folded),
        titles.map(({ terms }) => `{${terms.join()}}`),
      ],
    );
  }
  if (index) await database.run(String(index.sql));
  await database.run(`
    WITH c AS MATERIALIZED (${ids})
    INSERT INTO message (tenant_id, chat_id, seq, author, body)
    SELECT '${tenantId}', c.id, seq, 'Ada', ${body("seq")} FROM c, generate_series(1, ${messages}) AS seq`);
  await database.run("SET session_replication_role = DEFAULT");
}

/** A tenant and its only key; the same for every system. */
export type Credentials = { tenantId: string; apiKey: string; hash: Buffer };

export function createCredentials(): Credentials {
  const apiKey = `lethe_bench_${randomBytes(32).toString("base64url")}`;
  return { tenantId: randomUUID(), apiKey, hash: createHash("sha256").update(apiKey).digest() };
}

/** A set of chats to seed: `label` makes their ids, each has `messages` messages; `title` names the n-th. */
export type ChatSet = { label: string; chats: number; messages: number; title?: (n: number) => string };

/** The body of a message, some 130 characters, as an SQL expression. */
export const body = (seq: string): string =>
  `'Message ' || (${seq})::text || repeat(' and what it has to say about the matter', 3)`;

/** When the n-th chat was made, as an SQL expression: one a minute, back from now. */
export const createdAt = (n: string): string => `now() - (${n}) * interval '1 minute'`;
