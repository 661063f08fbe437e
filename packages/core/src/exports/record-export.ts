import { freeChat, inTurn, locked } from "../chats/chat-turns.ts";
import { getChat } from "../chats/get-chat.ts";
import type { Context } from "../context.ts";

export type ExportRecord = { chatId: string; version: number; checksum: string };

/**
 * Notes on the chat that all of it was handed over, if it is still the one that was exported. That is no
 * change of the chat: its version stays. Throws NOT_FOUND (chat_not_found) when the chat is gone, and
 * SERVICE_UNAVAILABLE (chat_busy).
 */
export function recordExport(ctx: Context, { chatId, version, checksum }: ExportRecord): Promise<void> {
  return inTurn(ctx, chatId, async () => {
    const noted = await ctx.db.$executeRaw`
      WITH ${freeChat(ctx.tenantId, chatId)}
      UPDATE chat
      SET exported_at = clock_timestamp(), export_version = version, export_checksum = ${checksum}
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = (SELECT id FROM free) AND version = ${version}::integer`;
    if (noted === 1) return undefined;
    const now = await getChat(ctx, { chatId });
    return now.version === version ? locked : undefined;
  });
}
