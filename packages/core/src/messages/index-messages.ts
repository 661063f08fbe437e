import { Prisma } from "@lethe/db";
import { messageTerms } from "@lethe/text";
import { z } from "zod";
import { type BatchAfter, inBatches } from "../background/in-batches.ts";
import type { TaskModule, TaskOptions } from "../background/task-module.ts";
import { maskAt } from "./message-slices.ts";

/** Messages that one statement takes on: as many as are done in 40 ms, in which whoever deletes them has to try again. */
const bounds = { targetMs: [10, 40], smallest: 10, first: 100, largest: 1_000 } as const;
/** How often tenants are looked for that have messages without terms, and new terms are worked in; milliseconds. */
const pauseMs = { look: 5_000, workIn: 1_000 };

type Place = { chatId: string; seq: number };
const unindexedRows = z.array(z.object({ chatId: z.string(), seq: z.int(), body: z.string().nullable() }));

/**
 * Brings some messages of a tenant that have no terms into the index, behind a place: those from before there was one, and
 * those of servers that do not know of it. Any number of processes may do so at once, and one that dies has done whole
 * messages or none. Those that somebody else has locked are left for another time, and those of deleted chats for good.
 */
export const indexMessages: BatchAfter<Place> = async (db, tenantId, after, size) => {
  const rows = await db.$queryRaw`
    SELECT message.chat_id AS "chatId", message.seq, CASE WHEN chat.id IS NOT NULL THEN message.body END AS body
    FROM (
      SELECT * FROM message
      WHERE tenant_id = ${tenantId}::uuid AND terms IS NULL
        ${after ? Prisma.sql`AND (chat_id, seq) > (${after.chatId}::uuid, ${after.seq}::integer)` : Prisma.empty}
      ORDER BY chat_id, seq LIMIT ${size}::integer
    ) AS message
    LEFT JOIN LATERAL (
      SELECT chat.id FROM chat WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = message.chat_id OFFSET 0
    ) AS chat ON true
    ORDER BY message.chat_id, message.seq`;
  const found = unindexedRows.parse(rows);
  const messages = found.flatMap(({ body, ...one }) => (body === null ? [] : { ...one, body }));
  if (messages.length > 0)
    await db.$executeRaw`
      WITH free AS MATERIALIZED (
        SELECT message.tenant_id, message.place, message.created_at, given.terms::integer[] AS terms
        FROM unnest(
          ${messages.map(({ chatId }) => chatId)}::uuid[], ${messages.map(({ seq }) => seq)}::integer[],
          ${messages.map(({ body }) => `{${messageTerms(tenantId, body).join()}}`)}::text[]
        ) AS given(chat_id, seq, terms)
        CROSS JOIN LATERAL (
          SELECT message.tenant_id, message.ctid AS place, message.created_at FROM message
          WHERE message.tenant_id = ${tenantId}::uuid AND message.chat_id = given.chat_id AND message.seq = given.seq
          FOR NO KEY UPDATE SKIP LOCKED
        ) AS message
      ),
      indexed AS MATERIALIZED (
        SELECT free.tenant_id, free.place, ARRAY(SELECT term # mask FROM unnest(free.terms) AS term) AS terms
        FROM free
        CROSS JOIN LATERAL (
          SELECT ${maskAt(Prisma.sql`${tenantId}::uuid`, Prisma.sql`free.created_at`)} AS mask
        ) AS slice
      )
      UPDATE message SET terms = indexed.terms FROM indexed
      WHERE message.tenant_id = indexed.tenant_id AND message.ctid = indexed.place`;
  const last = found.at(-1);
  if (last === undefined || found.length < size) return null;
  // Of a deleted chat the rest is left out, however long it is.
  return { chatId: last.chatId, seq: last.body === null ? 2 ** 31 - 1 : last.seq };
};

/** Brings into the index what is not in it yet, for tenants by turns, and keeps what waits to be worked in short. */
export function messageTasks({ db }: Pick<TaskOptions, "db">): TaskModule {
  return {
    tasks: [
      {
        name: "message_index",
        work: inBatches(db, bounds, indexMessages),
        tenantAfter: (tenantId) => Prisma.sql`(
          SELECT message.tenant_id FROM message
          WHERE message.terms IS NULL AND message.tenant_id > ${tenantId}
          ORDER BY message.tenant_id LIMIT 1
        )`,
        lookMs: pauseMs.look,
      },
    ],
    sweeps: [
      {
        what: "new entries of the index of messages",
        everyMs: pauseMs.workIn,
        // Otherwise whoever makes the list too long works it in, and waits for that. Only the owner of the index may.
        // Where the table is partitioned each partition has an index, with a list of its own.
        run: () => db.$queryRaw`
          SELECT gin_clean_pending_list(pg_class.oid)
          FROM (
            SELECT 'message_terms_idx'::regclass AS oid
            UNION ALL
            SELECT inhrelid FROM pg_inherits WHERE inhparent = 'message_terms_idx'::regclass
          ) AS part
          CROSS JOIN LATERAL (
            SELECT oid FROM pg_class
            WHERE pg_class.oid = part.oid AND relkind = 'i' AND pg_has_role(relowner, 'USAGE') OFFSET 0
          ) AS pg_class`,
      },
    ],
  };
}
