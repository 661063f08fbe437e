import type { Context } from "../context.ts";
import { webhookNotFound } from "./webhook-errors.ts";

/**
 * Deletes a webhook: nothing more is sent to it, its secrets are gone, and it cannot be seen any more. Its
 * log, however long, is removed in the background.
 *
 * Throws NOT_FOUND (webhook_not_found).
 */
export async function deleteWebhook(ctx: Context, { webhookId }: { webhookId: string }): Promise<void> {
  const deleted = await ctx.db.$executeRaw`
    UPDATE webhook_endpoint
    SET deleted_at = clock_timestamp(), enabled = false, due_at = NULL, url = '', description = '',
      secret = '', previous_secret = NULL, previous_secret_until = NULL
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${webhookId}::uuid AND deleted_at IS NULL`;
  if (deleted === 0) throw webhookNotFound();
}
