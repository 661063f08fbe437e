import { Prisma } from "@lethe/db";
import { andMeets, chatColumns, meets, type VersionCondition } from "../chats/chat-row.ts";
import { lockedChats } from "../chats/given-chats.ts";
import type { Context } from "../context.ts";
import { chatNotFound, versionMismatch } from "../errors.ts";
import type { Chat } from "../types.ts";
import { type Moved, moveSet, wholeSet } from "./move-set.ts";

/**
 * `changed` and `told`, for a WITH clause that has locked chats as `locked_chat`: takes those out of the trash that are
 * there and meet a condition, which knows them as `chat`.
 */
export const movingOut = (condition: Prisma.Sql): Prisma.Sql => Prisma.sql`
  changed AS (
    UPDATE chat
    SET trashed_at = NULL, trashed_by_kind = NULL, trashed_by_id = NULL, trashed_by_name = NULL,
      purge_at = NULL, trash_job_id = NULL, version = version + 1
    FROM (
      SELECT chat.tenant_id, chat.id FROM locked_chat AS chat WHERE chat.trashed_at IS NOT NULL AND ${condition}
      OFFSET 0
    ) AS moved
    WHERE chat.tenant_id = moved.tenant_id AND chat.id = moved.id
    RETURNING chat.*
  ),
  told AS (
    INSERT INTO event (tenant_id, type, chat_id, at)
    SELECT tenant_id, 'chat.restored', id, clock_timestamp() FROM changed
  )`;

/**
 * Takes a set of chats out of the trash in one statement, and answers those that there are, in any order. One
 * that is not in the trash is left as it is, and so is one that does not meet the condition.
 *
 * Throws SERVICE_UNAVAILABLE (chat_busy) when one of them stays locked; then none was restored.
 */
export function restoreSet(
  ctx: Context,
  { chatIds, ...condition }: { chatIds: readonly string[] } & VersionCondition,
): Promise<Moved[]> {
  const { tenantId, db } = ctx;
  return moveSet(
    ctx,
    chatIds,
    () => db.$queryRaw`
      WITH locked_chat AS MATERIALIZED (
        ${lockedChats(tenantId, chatIds, Prisma.sql`FOR NO KEY UPDATE`)}
      ),
      ${wholeSet(tenantId, chatIds)},
      ${movingOut(Prisma.sql`(SELECT whole FROM free) ${andMeets(Prisma.sql`chat.version`, condition)}`)}
      SELECT ${chatColumns}, chat.changed, (SELECT whole FROM free) AS moved FROM (
        SELECT *, true AS changed FROM changed
        UNION ALL
        SELECT *, false AS changed FROM locked_chat WHERE locked_chat.id NOT IN (SELECT id FROM changed)
      ) AS chat`,
  );
}

type RestoreChat = { chatId: string } & VersionCondition;

/**
 * Takes a chat out of the trash, if it meets the condition: it is as it was, at its place in the list. A chat that is
 * not in the trash is answered as it is. Throws NOT_FOUND (chat_not_found), as for one that was purged, and
 * PRECONDITION_FAILED (version_mismatch).
 */
export async function restoreChat(ctx: Context, { chatId, ...condition }: RestoreChat): Promise<Chat> {
  const [moved] = await restoreSet(ctx, { chatIds: [chatId], ...condition });
  if (moved === undefined) throw chatNotFound();
  const { chat, changed } = moved;
  if (!changed && !meets(chat.version, condition)) throw versionMismatch(chat.version);
  return chat;
}
