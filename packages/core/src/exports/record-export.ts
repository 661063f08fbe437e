import type { Context } from "../context.ts";
import { chatNotFound } from "../errors.ts";

export type ExportRecord = { chatId: string; version: number; checksum: string };

/**
 * Notes on the chat that all of it was handed over, if it is still the one that was exported. That is no
 * change of the chat: its version stays. Throws NOT_FOUND (chat_not_found) when the chat is gone.
 */
export async function recordExport(ctx: Context, { chatId, version, checksum }: ExportRecord): Promise<void> {
  const noted = await ctx.db.$executeRaw`
    UPDATE chat
    SET exported_at = clock_timestamp(), export_version = version, export_checksum = ${checksum}
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${chatId}::uuid AND version = ${version}::integer`;
  if (noted === 1) return;
  const found = await ctx.db.chat.count({ where: { tenantId: ctx.tenantId, id: chatId } });
  if (found === 0) throw chatNotFound();
}
