import { randomUUID } from "node:crypto";
import { z } from "zod";
import { readClock } from "../clock.ts";
import type { Context } from "../context.ts";
import type { WebhookPolicy } from "./check-webhook-url.ts";
import { deliveryColumns, deliveryRows } from "./delivery-row.ts";
import { signingSecrets } from "./read-due.ts";
import { sendWebhook } from "./send-webhook.ts";
import type { WebhookDelivery, WebhookPayload } from "./webhook.ts";
import { webhookNotFound } from "./webhook-errors.ts";
import { sendTimeoutMs } from "./webhook-options.ts";

/** The type of what is sent to try a webhook. */
export const testEventType = "webhook.test";

const targets = z.array(z.object({ url: z.string(), secrets: z.array(z.string()) }));

/**
 * Sends something to a webhook now, enabled or not, waits for its answer (up to 10 seconds), and answers
 * what the log says of it. It is not tried again.
 *
 * Throws NOT_FOUND (webhook_not_found).
 */
export async function testWebhook(
  ctx: Context,
  { webhookId, policy }: { webhookId: string; policy: WebhookPolicy },
): Promise<WebhookDelivery> {
  const found = await ctx.db.$queryRaw`
    SELECT url, ${signingSecrets} AS secrets
    FROM webhook_endpoint
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${webhookId}::uuid AND deleted_at IS NULL`;
  const [target] = targets.parse(found);
  if (target === undefined) throw webhookNotFound();
  const id = randomUUID();
  const clock = await readClock(ctx.db);
  const timestamp = clock();
  const payload: WebhookPayload = {
    type: testEventType,
    timestamp: timestamp.toISOString(),
    data: { webhook_id: webhookId },
  };
  const outcome = await sendWebhook({
    ...target,
    id,
    payload,
    policy,
    timeoutMs: sendTimeoutMs,
    clock,
    signal: new AbortController().signal,
  });
  const delivered = outcome.result === "delivered";
  const status = outcome.result === "cut_off" ? null : outcome.status;
  const error = outcome.result === "failed" ? outcome.error : null;
  // It may have been deleted meanwhile.
  const rows = await ctx.db.$queryRaw`
    INSERT INTO webhook_delivery (tenant_id, endpoint_id, id, event_type, payload, state, attempts, created_at,
      last_attempt_at, last_status, last_error, delivered_at)
    SELECT tenant_id, id, ${id}::uuid, ${testEventType}, ${JSON.stringify(payload)}::jsonb,
      ${delivered ? "delivered" : "failed"}, 1, ${timestamp}::timestamptz, ${timestamp}::timestamptz,
      ${status}::integer, ${error}::text, CASE WHEN ${delivered}::boolean THEN clock_timestamp() END
    FROM webhook_endpoint
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${webhookId}::uuid AND deleted_at IS NULL
    RETURNING ${deliveryColumns}`;
  const [delivery] = deliveryRows.parse(rows);
  if (delivery === undefined) throw webhookNotFound();
  return delivery;
}
