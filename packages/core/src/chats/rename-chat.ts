import { Prisma } from "@lethe/db";
import { foldTitle } from "@lethe/text";
import type { Context } from "../context.ts";
import { chatTrashed, versionMismatch } from "../errors.ts";
import type { Chat } from "../types.ts";
import { chatColumns, chatRows } from "./chat-row.ts";
import { freeChat, inTurn, locked } from "./chat-turns.ts";
import { getChat } from "./get-chat.ts";
import { andMeets, meets, type VersionCondition } from "./version-condition.ts";

export type RenameChat = { chatId: string; title: string } & VersionCondition;

/**
 * Gives a chat another title, if it meets the condition.
 *
 * Throws NOT_FOUND (chat_not_found), CONFLICT (chat_trashed), PRECONDITION_FAILED (version_mismatch) and
 * SERVICE_UNAVAILABLE (chat_busy).
 */
export function renameChat(ctx: Context, input: RenameChat): Promise<Chat> {
  return inTurn(ctx, input.chatId, () => renameIfFree(ctx, input));
}

async function renameIfFree(
  ctx: Context,
  { chatId, title, ...condition }: RenameChat,
): Promise<Chat | typeof locked> {
  const { folded, terms } = foldTitle(ctx.tenantId, title);
  const rows = await ctx.db.$queryRaw`
    WITH ${freeChat(ctx.tenantId, chatId)},
    chat AS (
      UPDATE chat
      SET title = ${title}, title_folded = ${folded},
        version = version + 1, updated_at = greatest(updated_at, clock_timestamp())
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = (SELECT id FROM free) AND trashed_at IS NULL
        ${andMeets(Prisma.sql`version`, condition)}
      RETURNING *
    ),
    indexed AS (
      INSERT INTO title_index (tenant_id, chat_id, terms, folded)
      SELECT tenant_id, id, ${terms}::integer[], title_folded FROM chat
      ON CONFLICT (tenant_id, chat_id) DO UPDATE SET terms = excluded.terms, folded = excluded.folded
        WHERE title_index.folded IS DISTINCT FROM excluded.folded
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
  if (meets(unchanged.version, condition)) return locked;
  throw versionMismatch(unchanged.version);
}
