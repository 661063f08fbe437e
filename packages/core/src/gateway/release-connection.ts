import type { Context } from "../context.ts";

/**
 * Takes a closed socket off its chat, so that it no longer stands in the way of a deletion. A
 * connection that is gone already, with its chat or its gateway, is no failure.
 */
export async function releaseConnection(
  ctx: Context,
  { chatId, connectionId }: { chatId: string; connectionId: string },
): Promise<void> {
  await ctx.db.$executeRaw`
    DELETE FROM connection
    WHERE tenant_id = ${ctx.tenantId}::uuid AND chat_id = ${chatId}::uuid AND id = ${connectionId}::uuid`;
}
