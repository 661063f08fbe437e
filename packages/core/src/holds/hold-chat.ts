import { Prisma } from "@lethe/db";
import { chatColumns, chatRows } from "../chats/chat-row.ts";
import { inTurn, locked } from "../chats/chat-turns.ts";
import { getChat } from "../chats/get-chat.ts";
import { andMeets, meets, type VersionCondition } from "../chats/version-condition.ts";
import type { Context } from "../context.ts";
import { versionMismatch } from "../errors.ts";
import type { Chat } from "../types.ts";

export type HoldChat = { chatId: string; reason: string } & VersionCondition;

/**
 * Puts a chat on hold, if it meets the condition: until it is released nothing deletes it, by force either. It may be in the trash, and it
 * may be put there; it is not purged from it.
 *
 * The same hold once more changes nothing. Another reason takes the place of the one before, under the name of
 * who gave it; the time since when the chat is on hold stays. Throws NOT_FOUND (chat_not_found),
 * PRECONDITION_FAILED (version_mismatch) and SERVICE_UNAVAILABLE (chat_busy).
 */
export function holdChat(ctx: Context, input: HoldChat): Promise<Chat> {
  return inTurn(ctx, input.chatId, () => holdIfFree(ctx, input));
}

async function holdIfFree(
  ctx: Context,
  { chatId, reason, ...condition }: HoldChat,
): Promise<Chat | typeof locked> {
  const { tenantId, actor, db } = ctx;
  // Judged as it is once it is locked: a release that comes first is seen.
  const rows = await db.$queryRaw`
    WITH door AS MATERIALIZED (
      SELECT id, held_at, hold_reason, version FROM chat
      WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid
      FOR NO KEY UPDATE SKIP LOCKED
    ),
    chat AS (
      UPDATE chat
      SET held_at = coalesce(held_at, clock_timestamp()), held_by_kind = ${actor.kind}, held_by_id = ${actor.id},
        hold_reason = ${reason}, version = version + 1
      WHERE tenant_id = ${tenantId}::uuid AND id = ANY (ARRAY(
        SELECT door.id FROM door
        WHERE (door.held_at IS NULL OR door.hold_reason <> ${reason})
          ${andMeets(Prisma.sql`door.version`, condition)}
      ))
      RETURNING *
    ),
    told AS (
      INSERT INTO event (tenant_id, type, chat_id, at)
      SELECT tenant_id, 'chat.updated', id, clock_timestamp() FROM chat
    )
    SELECT ${chatColumns} FROM chat`;
  const [held] = chatRows.parse(rows);
  if (held !== undefined) return held;
  const chat = await getChat(ctx, { chatId });
  if (!meets(chat.version, condition)) throw versionMismatch(chat.version);
  return chat.hold?.reason === reason ? chat : locked;
}
