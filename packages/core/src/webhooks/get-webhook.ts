import type { Context } from "../context.ts";
import type { Webhook } from "./webhook.ts";
import { webhookNotFound } from "./webhook-errors.ts";
import { webhookColumns, webhookRows } from "./webhook-row.ts";

/** One of a tenant's webhooks. Throws NOT_FOUND (webhook_not_found). */
export async function getWebhook(ctx: Context, { webhookId }: { webhookId: string }): Promise<Webhook> {
  const rows = await ctx.db.$queryRaw`
    SELECT ${webhookColumns} FROM webhook_endpoint
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${webhookId}::uuid AND deleted_at IS NULL`;
  const [webhook] = webhookRows.parse(rows);
  if (webhook === undefined) throw webhookNotFound();
  return webhook;
}
