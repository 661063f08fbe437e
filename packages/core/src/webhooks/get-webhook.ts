import type { Context } from "../context.ts";
import { deliveryColumns, deliveryRows, waitingDelivery } from "./delivery-row.ts";
import type { Webhook, WebhookDelivery } from "./webhook.ts";
import { deliveryNotFound, webhookNotFound } from "./webhook-errors.ts";
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

/** Something that one of a tenant's webhooks was told or is to be told. Throws NOT_FOUND (webhook_not_found, delivery_not_found). */
export async function getWebhookDelivery(
  ctx: Context,
  { webhookId, deliveryId }: { webhookId: string; deliveryId: string },
): Promise<WebhookDelivery> {
  await getWebhook(ctx, { webhookId });
  const rows = await ctx.db.$queryRaw`
    SELECT ${deliveryColumns} FROM webhook_delivery
    WHERE tenant_id = ${ctx.tenantId}::uuid AND endpoint_id = ${webhookId}::uuid AND id = ${deliveryId}::uuid
    UNION ALL
    (${waitingDelivery(ctx.tenantId, webhookId, deliveryId)})`;
  const [delivery] = deliveryRows.parse(rows);
  if (delivery === undefined) throw deliveryNotFound();
  return delivery;
}
