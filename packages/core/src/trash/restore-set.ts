import { chatColumns, chatRows } from "../chats/chat-row.ts";
import type { Context } from "../context.ts";
import { retryingDeadlocks } from "../database-error.ts";
import type { Chat } from "../types.ts";

/**
 * Takes a set of chats out of the trash in one statement, and answers those that there are, in any order. One
 * that is not in the trash is left as it is.
 */
export async function restoreSet(
  { tenantId, db }: Context,
  { chatIds }: { chatIds: readonly string[] },
): Promise<Chat[]> {
  const rows = await retryingDeadlocks(
    () => db.$queryRaw`
      WITH door AS MATERIALIZED (
        SELECT * FROM chat
        WHERE tenant_id = ${tenantId}::uuid AND id = ANY (${chatIds}::uuid[])
        ORDER BY id
        FOR NO KEY UPDATE
      ),
      changed AS (
        UPDATE chat
        SET trashed_at = NULL, trashed_by_kind = NULL, trashed_by_id = NULL, purge_at = NULL,
          version = version + 1
        WHERE tenant_id = ${tenantId}::uuid
          AND id = ANY (ARRAY(SELECT door.id FROM door WHERE door.trashed_at IS NOT NULL))
        RETURNING *
      ),
      told AS (
        INSERT INTO event (tenant_id, type, chat_id, at)
        SELECT tenant_id, 'chat.restored', id, clock_timestamp() FROM changed
      )
      SELECT ${chatColumns} FROM (
        SELECT * FROM changed
        UNION ALL
        SELECT * FROM door WHERE NOT EXISTS (SELECT FROM changed WHERE changed.id = door.id)
      ) AS chat`,
  );
  return chatRows.parse(rows);
}
