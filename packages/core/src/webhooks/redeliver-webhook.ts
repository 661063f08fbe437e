import type { Context } from "../context.ts";
import { deliveryColumns, deliveryRows, waitingDelivery } from "./delivery-row.ts";
import { wake } from "./endpoint-leases.ts";
import { getWebhook } from "./get-webhook.ts";
import type { WebhookDelivery } from "./webhook.ts";
import { deliveryNotFound, webhookDisabled } from "./webhook-errors.ts";

/**
 * Has something sent once more, soon, under the same `webhook-id` and with all attempts before it.
 *
 * Throws NOT_FOUND (webhook_not_found, delivery_not_found) and CONFLICT (webhook_disabled).
 */
export async function redeliverWebhook(
  ctx: Context,
  { webhookId, deliveryId }: { webhookId: string; deliveryId: string },
): Promise<WebhookDelivery> {
  const { enabled } = await getWebhook(ctx, { webhookId });
  if (!enabled) throw webhookDisabled();
  // What has not got into the log yet is sent soon as it is.
  const rows = await ctx.db.$queryRaw`
    WITH delivery AS (
      UPDATE webhook_delivery
      SET state = 'pending', step = 0, next_attempt_at = clock_timestamp(), delivered_at = NULL
      WHERE tenant_id = ${ctx.tenantId}::uuid AND endpoint_id = ${webhookId}::uuid AND id = ${deliveryId}::uuid
      RETURNING *
    ),
    woken AS (
      UPDATE webhook_endpoint SET ${wake}
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${webhookId}::uuid AND enabled
        AND EXISTS (SELECT FROM delivery)
    )
    SELECT ${deliveryColumns} FROM delivery
    UNION ALL
    (${waitingDelivery(ctx.tenantId, webhookId, deliveryId)})`;
  const [delivery] = deliveryRows.parse(rows);
  if (delivery === undefined) throw deliveryNotFound();
  return delivery;
}
