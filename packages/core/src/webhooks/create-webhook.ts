import { z } from "zod";
import type { Context } from "../context.ts";
import { limits } from "../limits.ts";
import { normalizeWebhookUrl, type WebhookPolicy } from "./check-webhook-url.ts";
import type { WebhookEventType, WebhookWithSecret } from "./webhook.ts";
import { webhookLimit } from "./webhook-errors.ts";
import { webhookColumns, webhookRow } from "./webhook-row.ts";
import { randomWebhookSecret } from "./webhook-secret.ts";

export type CreateWebhook = {
  url: string;
  eventTypes: readonly WebhookEventType[];
  /** For people: who receives it. */
  description?: string | undefined;
  policy: WebhookPolicy;
};

const counted = z.tuple([z.object({ count: z.int() })]);

/**
 * Creates a webhook, which is told of what happens from now on. `secret` is told here and never again.
 *
 * Throws BAD_REQUEST for an address that nothing may be sent to, and CONFLICT (webhook_limit).
 */
export async function createWebhook(
  ctx: Context,
  { url: given, eventTypes, description = "", policy }: CreateWebhook,
): Promise<WebhookWithSecret> {
  const url = normalizeWebhookUrl(given, policy);
  const secret = randomWebhookSecret();
  return ctx.db.$transaction(async (tx) => {
    // One at a time for a tenant, so that the count below is right.
    await tx.$queryRaw`SELECT FROM tenant WHERE tenant_id = ${ctx.tenantId}::uuid FOR NO KEY UPDATE`;
    const existing = await tx.$queryRaw`
      SELECT count(*)::integer AS count FROM webhook_endpoint
      WHERE tenant_id = ${ctx.tenantId}::uuid AND deleted_at IS NULL`;
    if (counted.parse(existing)[0].count >= limits.webhooks) throw webhookLimit();
    const rows = await tx.$queryRaw`
      INSERT INTO webhook_endpoint (tenant_id, url, description, event_types, secret)
      VALUES (${ctx.tenantId}::uuid, ${url}, ${description}, ${[...new Set(eventTypes)]}::text[], ${secret})
      RETURNING ${webhookColumns}`;
    return { ...z.tuple([webhookRow]).parse(rows)[0], secret };
  });
}
