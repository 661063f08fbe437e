import type { Context } from "../context.ts";
import { normalizeWebhookUrl, type WebhookPolicy } from "./check-webhook-url.ts";
import type { Webhook, WebhookEventType } from "./webhook.ts";
import { webhookNotFound } from "./webhook-errors.ts";
import { webhookColumns, webhookRows } from "./webhook-row.ts";

export type UpdateWebhook = {
  webhookId: string;
  url?: string | undefined;
  eventTypes?: readonly WebhookEventType[] | undefined;
  description?: string | undefined;
  /** Enabling forgets what was wrong and sends what has been pending. */
  enabled?: boolean | undefined;
  policy: WebhookPolicy;
};

/**
 * Changes what is given of a webhook, and nothing else.
 *
 * Throws NOT_FOUND (webhook_not_found), and BAD_REQUEST for an address that nothing may be sent to.
 */
export async function updateWebhook(
  ctx: Context,
  { webhookId, url: given, eventTypes, description, enabled, policy }: UpdateWebhook,
): Promise<Webhook> {
  const url = given === undefined ? undefined : normalizeWebhookUrl(given, policy);
  const types = eventTypes && [...new Set(eventTypes)];
  const rows = await ctx.db.$queryRaw`
    UPDATE webhook_endpoint
    SET url = coalesce(${url ?? null}::text, url),
      event_types = coalesce(${types ?? null}::text[], event_types),
      description = coalesce(${description ?? null}::text, description),
      enabled = coalesce(change.wanted, enabled),
      disabled_at = CASE WHEN change.wanted THEN NULL ELSE disabled_at END,
      disabled_reason = CASE WHEN change.wanted THEN NULL ELSE disabled_reason END,
      failing_since = CASE WHEN change.wanted THEN NULL ELSE failing_since END,
      due_at = CASE change.wanted WHEN true THEN clock_timestamp() WHEN false THEN NULL ELSE due_at END,
      updated_at = clock_timestamp()
    FROM (SELECT ${enabled ?? null}::boolean) AS change(wanted)
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${webhookId}::uuid AND deleted_at IS NULL
    RETURNING ${webhookColumns}`;
  const [webhook] = webhookRows.parse(rows);
  if (webhook === undefined) throw webhookNotFound();
  return webhook;
}
