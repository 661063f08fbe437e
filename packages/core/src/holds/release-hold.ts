import { Prisma } from "@lethe/db";
import { chatColumns, chatRows } from "../chats/chat-row.ts";
import { freeChat, inTurn, locked } from "../chats/chat-turns.ts";
import { getChat } from "../chats/get-chat.ts";
import { andMeets, meets, type VersionCondition } from "../chats/version-condition.ts";
import type { Context } from "../context.ts";
import { versionMismatch } from "../errors.ts";
import { lockedDays, purgeAt } from "../trash/purge-at.ts";
import type { Chat } from "../types.ts";

export type ReleaseHold = { chatId: string } & VersionCondition;

/**
 * Releases a chat that is on hold, if it meets the condition; one that is not is answered as it is. A purge that fell
 * due meanwhile is due at once. Throws NOT_FOUND (chat_not_found), PRECONDITION_FAILED (version_mismatch) and
 * SERVICE_UNAVAILABLE (chat_busy).
 */
export function releaseHold(ctx: Context, input: ReleaseHold): Promise<Chat> {
  return inTurn(ctx, input.chatId, () => releaseIfFree(ctx, input));
}

async function releaseIfFree(
  ctx: Context,
  { chatId, ...condition }: ReleaseHold,
): Promise<Chat | typeof locked> {
  const { tenantId, db } = ctx;
  const rows = await db.$queryRaw`
    WITH ${lockedDays(tenantId)},
    ${freeChat(tenantId, chatId)},
    chat AS (
      UPDATE chat
      SET held_at = NULL, held_by_kind = NULL, held_by_id = NULL, hold_reason = NULL,
        purge_at = ${purgeAt(Prisma.sql`chat.trashed_at`, Prisma.sql`tenant.days`)},
        version = version + 1
      FROM tenant
      WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = (SELECT id FROM free) AND chat.held_at IS NOT NULL
        ${andMeets(Prisma.sql`chat.version`, condition)}
      RETURNING chat.*
    ),
    told AS (
      INSERT INTO event (tenant_id, type, chat_id, at)
      SELECT tenant_id, 'chat.updated', id, clock_timestamp() FROM chat
    )
    SELECT ${chatColumns} FROM chat`;
  const [released] = chatRows.parse(rows);
  if (released !== undefined) return released;
  const chat = await getChat(ctx, { chatId });
  if (!meets(chat.version, condition)) throw versionMismatch(chat.version);
  return chat.hold === null ? chat : locked;
}
