import { queryRows } from "@lethe/db";
import type { Context } from "../context.ts";
import { chatNotFound } from "../errors.ts";
import type { Chat } from "../types.ts";
import { chatColumns, chatRows } from "./chat-row.ts";

/** One chat, in the trash or not. Throws NOT_FOUND (chat_not_found). */
export async function getChat(ctx: Context, { chatId }: { chatId: string }): Promise<Chat> {
  const rows = await queryRows(ctx.db)`
    SELECT ${chatColumns} FROM chat WHERE chat.tenant_id = ${ctx.tenantId}::uuid AND chat.id = ${chatId}::uuid`;
  const [chat] = chatRows.parse(rows);
  if (chat === undefined) throw chatNotFound();
  return chat;
}
