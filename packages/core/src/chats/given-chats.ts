import { Prisma } from "@lethe/db";

const distinct = (chatIds: readonly string[]) =>
  [...new Set(chatIds.map((id) => id.toLowerCase()))].toSorted();

/**
 * Those of a set of chats that there are, for a FROM clause: each once, in the order of their ids, as rows called `chat`.
 *
 * Each is looked for by itself. Given `id = ANY (…)`, PostgreSQL before 17 may look through all chats of the tenant for
 * these: it thinks of the average tenant.
 */
export const givenChats = (tenantId: string, chatIds: readonly string[]): Prisma.Sql => Prisma.sql`
  unnest(${distinct(chatIds)}::uuid[]) AS given(id)
  CROSS JOIN LATERAL (
    SELECT * FROM chat WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = given.id OFFSET 0
  ) AS chat`;

/**
 * The same, locked: without those that somebody else has locked, or has changed since the statement began. So what is
 * locked here is changed by the statement as it sees it.
 *
 * @param lock for example `FOR UPDATE`
 */
export const lockedChats = (
  tenantId: string,
  chatIds: readonly string[],
  lock: Prisma.Sql,
): Prisma.Sql => Prisma.sql`
  SELECT (locked.chat).* FROM unnest(${distinct(chatIds)}::uuid[]) AS given(id)
  CROSS JOIN LATERAL (
    SELECT chat, chat.ctid AS place FROM chat
    WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = given.id
    ${lock} SKIP LOCKED
  ) AS locked
  WHERE EXISTS (
    SELECT FROM chat AS seen
    WHERE seen.tenant_id = ${tenantId}::uuid AND seen.id = given.id AND seen.ctid = locked.place
    OFFSET 0
  )`;
