import { chatColumns } from "../chats/chat-row.ts";
import type { Context } from "../context.ts";
import type { Chat } from "../types.ts";
import { moveSet, wholeSet } from "./move-set.ts";

/**
 * Takes a set of chats out of the trash in one statement, and answers those that there are, in any order. One
 * that is not in the trash is left as it is.
 *
 * Throws SERVICE_UNAVAILABLE (chat_busy) when one of them stays locked; then none was restored.
 */
export function restoreSet(ctx: Context, { chatIds }: { chatIds: readonly string[] }): Promise<Chat[]> {
  const { tenantId, db } = ctx;
  return moveSet(
    ctx,
    chatIds,
    () => db.$queryRaw`
      WITH door AS MATERIALIZED (
        SELECT * FROM chat
        WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${chatIds}::uuid[])
        ORDER BY id
        FOR NO KEY UPDATE SKIP LOCKED
      ),
      ${wholeSet(tenantId, chatIds)},
      changed AS (
        UPDATE chat
        SET trashed_at = NULL, trashed_by_kind = NULL, trashed_by_id = NULL, purge_at = NULL,
          version = version + 1
        WHERE tenant_id = ${tenantId}::uuid
          AND id = ANY (ARRAY(
            SELECT door.id FROM door WHERE door.trashed_at IS NOT NULL AND (SELECT whole FROM free)
          ))
        RETURNING *
      ),
      told AS (
        INSERT INTO event (tenant_id, type, chat_id, at)
        SELECT tenant_id, 'chat.restored', id, clock_timestamp() FROM changed
      )
      SELECT ${chatColumns}, (SELECT whole FROM free) AS moved FROM (
        SELECT * FROM changed
        UNION ALL
        SELECT * FROM door WHERE NOT EXISTS (SELECT FROM changed WHERE changed.id = door.id)
      ) AS chat`,
  );
}
