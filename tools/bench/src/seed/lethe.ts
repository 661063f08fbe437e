import { createHash, randomBytes, randomUUID } from "node:crypto";
import { foldTitle } from "@lethe/text";
import type { BenchDatabase } from "../rig/postgres.ts";

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
    INSERT INTO message (tenant_id, chat_id, seq, author, body, terms)
    SELECT '${tenantId}', c.id, seq, 'Ada', ${body("seq")}, '{}' FROM c, generate_series(1, ${messages}) AS seq`);
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

/** Coprime to every number of chats that is seeded, so that the strides below meet each of them once. */
const stride = 7_919;

/**
 * The id of the n-th chat of a set: the same in SQL, in JavaScript and in pgbench, so that no system has
 * to read ids back and all of them delete the same chats in the same order. A valid UUID of version 4.
 */
export function chatId(label: string, n: number): string {
  const hex = createHash("md5").update(`${label}${n}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** `chatId` as an SQL expression; `n` is an expression too. */
export function chatIdSql(label: string, n: string): string {
  return `overlay(overlay(md5('${label}' || (${n})::text) placing '4' from 13) placing '8' from 17)::uuid`;
}

/** The order of deleting: neighbours in time are no neighbours on disk. */
export function deletionOrder(label: string, total: number): string[] {
  return Array.from({ length: total }, (_, n) => chatId(label, (n * stride) % total));
}

/** The n-th place in that order as an expression of pgbench. */
export function orderExpression(n: string, total: number): string {
  return `(${n} * ${stride}) % ${total}`;
}

/** The next number of chats from `wanted` on whose order meets all of them. */
export function seedableTotal(wanted: number): number {
  const total = Math.max(1, Math.ceil(wanted));
  return total % stride === 0 ? total + 1 : total;
}
