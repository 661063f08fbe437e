import { z } from "zod";
import type { Context } from "../context.ts";
import type { WebhookWithSecret } from "./webhook.ts";
import { webhookNotFound } from "./webhook-errors.ts";
import { webhookColumns, webhookRow } from "./webhook-row.ts";
import { overlapHours, randomWebhookSecret } from "./webhook-secret.ts";

/**
 * Gives a webhook a new secret, which is told here and never again. For a day deliveries carry signatures of
 * both, so that no receiver has to change at the same moment.
 *
 * Throws NOT_FOUND (webhook_not_found).
 */
export async function rotateWebhookSecret(
  ctx: Context,
  { webhookId }: { webhookId: string },
): Promise<WebhookWithSecret> {
  const secret = randomWebhookSecret();
  const rows = await ctx.db.$queryRaw`
    UPDATE webhook_endpoint
    SET secret = ${secret}, previous_secret = secret, updated_at = clock_timestamp(),
      previous_secret_until = clock_timestamp() + ${overlapHours}::integer * interval '1 hour'
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${webhookId}::uuid AND deleted_at IS NULL
    RETURNING ${webhookColumns}`;
  const [webhook] = z.array(webhookRow).parse(rows);
  if (webhook === undefined) throw webhookNotFound();
  return { ...webhook, secret };
}
