import { Prisma } from "@lethe/db";
import { andMeets, chatColumns, chatRows, meets, type VersionCondition } from "../chats/chat-row.ts";
import { freeChat, inTurn, locked } from "../chats/chat-turns.ts";
import { getChat } from "../chats/chats.ts";
import type { Context } from "../context.ts";
import { invalidCredentials } from "../credentials/principal.ts";
import { versionMismatch } from "../errors.ts";
import { lockedDays, purgeAt } from "../trash/purge-at.ts";
import type { Chat } from "../types.ts";

type HoldChat = { chatId: string; reason: string } & VersionCondition;

/**
 * Puts a chat on hold, if it meets the condition: until it is released nothing deletes it, by force either. It may be in
 * the trash, and it may be put there; it is not purged from it.
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
    WITH chat_row AS MATERIALIZED (
      SELECT chat.id, chat.held_at, chat.hold_reason, chat.version
      FROM chat JOIN tenant ON tenant.tenant_id = chat.tenant_id
      WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = ${chatId}::uuid AND tenant.leaving_since IS NULL
      -- A tenant that is about to leave is waited for: it leaves before this, or not at all.
      FOR NO KEY UPDATE OF chat SKIP LOCKED FOR KEY SHARE OF tenant
    ),
    chat AS (
      UPDATE chat
      SET held_at = coalesce(held_at, clock_timestamp()), held_by_kind = ${actor.kind}, held_by_id = ${actor.id},
        held_by_name = ${actor.name ?? null}, hold_reason = ${reason}, version = version + 1
      WHERE tenant_id = ${tenantId}::uuid AND id = (
        SELECT chat_row.id FROM chat_row
        WHERE (chat_row.held_at IS NULL OR chat_row.hold_reason <> ${reason})
          ${andMeets(Prisma.sql`chat_row.version`, condition)}
      )
      RETURNING *
    ),
    outbox_event AS (
      INSERT INTO event (tenant_id, type, chat_id, at)
      SELECT tenant_id, 'chat.updated', id, clock_timestamp() FROM chat
    )
    SELECT ${chatColumns} FROM chat`;
  const [held] = chatRows.parse(rows);
  if (held !== undefined) return held;
  const chat = await getChat(ctx, { chatId });
  const leaving = await db.tenant.findFirst({ where: { tenantId, NOT: { leavingSince: null } } });
  // Its credentials have ended; this one was looked up a moment before.
  if (leaving !== null) throw invalidCredentials("session");
  if (!meets(chat.version, condition)) throw versionMismatch(chat.version);
  return chat.hold?.reason === reason ? chat : locked;
}

type ReleaseHold = { chatId: string } & VersionCondition;

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
      SET held_at = NULL, held_by_kind = NULL, held_by_id = NULL, held_by_name = NULL, hold_reason = NULL,
        purge_at = ${purgeAt(Prisma.sql`chat.trashed_at`, Prisma.sql`tenant.days`)},
        version = version + 1
      FROM tenant
      WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = (
        SELECT free.id FROM free WHERE free.held_at IS NOT NULL ${andMeets(Prisma.sql`free.version`, condition)}
      )
      RETURNING chat.*
    ),
    outbox_event AS (
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
