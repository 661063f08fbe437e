import { Prisma } from "@lethe/db";
import type { Context } from "../context.ts";
import { chatTrashed, versionMismatch } from "../errors.ts";
import type { Chat } from "../types.ts";
import { chatColumns, chatRows } from "./chat-row.ts";
import { freeChat, inTurn, locked } from "./chat-turns.ts";
import { getChat } from "./get-chat.ts";

export type RenameChat = { chatId: string; title: string; versions?: readonly number[] | undefined };

/**
 * Gives a chat another title. With `versions`, only if its version is one of them.
 *
 * Throws NOT_FOUND (chat_not_found), CONFLICT (chat_trashed), PRECONDITION_FAILED (version_mismatch) and
 * SERVICE_UNAVAILABLE (chat_busy).
 */
export function renameChat(ctx: Context, input: RenameChat): Promise<Chat> {
  return inTurn(ctx, input.chatId, () => renameIfFree(ctx, input));
}

async function renameIfFree(
  ctx: Context,
  { chatId, title, versions }: RenameChat,
): Promise<Chat | typeof locked> {
  const rows = await ctx.db.$queryRaw`
    WITH ${freeChat(ctx.tenantId, chatId)},
    chat AS (
      UPDATE chat
      SET title = ${title}, version = version + 1, updated_at = greatest(updated_at, clock_timestamp())
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = (SELECT id FROM free) AND trashed_at IS NULL
        ${versions ? Prisma.sql`AND version = ANY (${[...versions]}::integer[])` : Prisma.empty}
      RETURNING *
    ),
    told AS (
      INSERT INTO event (tenant_id, type, chat_id, at)
      SELECT tenant_id, 'chat.updated', id, updated_at FROM chat
    )
    SELECT ${chatColumns} FROM chat`;
  const [renamed] = chatRows.parse(rows);
  if (renamed !== undefined) return renamed;
  const unchanged = await getChat(ctx, { chatId });
  if (unchanged.trashedAt !== null) throw chatTrashed();
  if (versions === undefined || versions.includes(unchanged.version)) return locked;
  throw versionMismatch(unchanged.version);
}
