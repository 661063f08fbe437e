import type { Database } from "@lethe/db";
import { z } from "zod";
import type { Erasure } from "./erasure.ts";

/**
 * `more`: messages are left; `erased`: the last one is gone; `elsewhere`: somebody else is at it, or it
 * has been done.
 */
export type BatchOutcome = { state: "more" | "erased" | "elsewhere"; messages: number };

/** A transcript whose chat is there, so that nothing of it may be erased. */
export class TranscriptInUse extends Error {
  override readonly name = "TranscriptInUse";
}

const rowsSchema = z.array(z.object({ messages: z.int(), more: z.boolean(), open: z.boolean() }));

/**
 * Erases the next `size` messages of a deleted chat's transcript in one transaction, which also notes how
 * far it got; with the last of them the transcript goes, and the ledger is told.
 *
 * The row of the transcript is locked, so that two workers never do the same work. Throws
 * TranscriptInUse for one whose chat is there.
 */
export async function eraseBatch(
  db: Database,
  { tenantId, chatId, deletionId }: Erasure,
  size: number,
): Promise<BatchOutcome> {
  // Reading the range before once more lets PostgreSQL mark its index entries as dead. Otherwise the
  // last batch would pay for all of them: its foreign key check reads whatever is not marked.
  const rows = await db.$queryRaw`
    WITH place AS MATERIALIZED (
      SELECT transcript.tenant_id, transcript.chat_id, transcript.erased_seq AS low,
        EXISTS (
          SELECT FROM chat WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = ${chatId}::uuid
        ) AS open,
        coalesce((
          SELECT max(message.seq) FROM message
          WHERE message.tenant_id = ${tenantId}::uuid AND message.chat_id = ${chatId}::uuid
        ) > transcript.erased_seq::bigint + ${size}::integer, false) AS more
      FROM transcript
      WHERE transcript.tenant_id = ${tenantId}::uuid AND transcript.chat_id = ${chatId}::uuid
        AND EXISTS (
          SELECT FROM deletion
          WHERE deletion.tenant_id = ${tenantId}::uuid AND deletion.id = ${deletionId}::uuid
            AND deletion.chat_id = ${chatId}::uuid AND deletion.erased_at IS NULL
        )
      FOR UPDATE OF transcript SKIP LOCKED
    ),
    closed AS MATERIALIZED (SELECT * FROM place WHERE NOT open),
    gone AS (
      DELETE FROM message USING closed
      WHERE message.tenant_id = closed.tenant_id AND message.chat_id = closed.chat_id
        AND message.seq > closed.low AND message.seq <= closed.low::bigint + ${size}::integer
      RETURNING 1
    ),
    noted AS (
      UPDATE transcript SET erased_seq = closed.low + ${size}::integer
      FROM closed
      WHERE transcript.tenant_id = closed.tenant_id AND transcript.chat_id = closed.chat_id AND closed.more
    ),
    emptied AS (
      DELETE FROM transcript USING closed
      WHERE transcript.tenant_id = closed.tenant_id AND transcript.chat_id = closed.chat_id AND NOT closed.more
    ),
    noted_in_ledger AS (
      UPDATE deletion SET erased_at = greatest(deletion.deleted_at, clock_timestamp())
      FROM closed
      WHERE deletion.tenant_id = closed.tenant_id AND deletion.id = ${deletionId}::uuid AND NOT closed.more
      RETURNING deletion.tenant_id, deletion.chat_id, deletion.id, deletion.erased_at
    ),
    told AS (
      INSERT INTO event (tenant_id, type, chat_id, deletion_id, at)
      SELECT tenant_id, 'deletion.erased', chat_id, id, erased_at FROM noted_in_ledger
    )
    SELECT (SELECT count(*)::integer FROM gone) AS messages, place.more, place.open,
      (
        SELECT count(message.seq) FROM message
        WHERE message.tenant_id = place.tenant_id AND message.chat_id = place.chat_id
          AND message.seq > place.low - ${size}::integer AND message.seq <= place.low
      ) AS reread
    FROM place`;
  const [row] = rowsSchema.parse(rows);
  if (row === undefined) return { state: "elsewhere", messages: 0 };
  if (row.open)
    throw new TranscriptInUse(
      `The chat of the deletion ${deletionId} is there: its transcript is not erased`,
    );
  return { state: row.more ? "more" : "erased", messages: row.messages };
}
