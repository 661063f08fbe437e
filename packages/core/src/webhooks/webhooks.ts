import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Context } from "../context.ts";
import { limits } from "../limits.ts";
import {
  type Webhook,
  type WebhookEventType,
  type WebhookWithSecret,
  webhookColumns,
  webhookLimit,
  webhookNotFound,
  webhookSchema,
} from "./webhook.ts";
import { normalizeWebhookUrl, type WebhookPolicy } from "./webhook-url.ts";

const webhookRows = z.array(webhookSchema);

/** How long the secret before the last one still signs, so that receivers can change over; hours. */
const overlapHours = 24;

/** 256 random bits in the notation of Standard Webhooks: "whsec_" and base64. */
export function randomWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** One of a tenant's webhooks. Throws NOT_FOUND (webhook_not_found). */
export async function getWebhook(ctx: Context, { webhookId }: { webhookId: string }): Promise<Webhook> {
  const rows = await ctx.db.$queryRaw`
    SELECT ${webhookColumns} FROM webhook_endpoint
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${webhookId}::uuid AND deleted_at IS NULL`;
  const [webhook] = webhookRows.parse(rows);
  if (webhook === undefined) throw webhookNotFound();
  return webhook;
}

/** A tenant's webhooks, oldest first; there are at most `limits.webhooks`. */
export async function listWebhooks(ctx: Context): Promise<Webhook[]> {
  const rows = await ctx.db.$queryRaw`
    SELECT ${webhookColumns} FROM webhook_endpoint
    WHERE tenant_id = ${ctx.tenantId}::uuid AND deleted_at IS NULL
    ORDER BY created_at, id
    LIMIT ${limits.webhooks}::integer`;
  return webhookRows.parse(rows);
}

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
    return { ...z.tuple([webhookSchema]).parse(rows)[0], secret };
  });
}

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
  const [webhook] = webhookRows.parse(rows);
  if (webhook === undefined) throw webhookNotFound();
  return { ...webhook, secret };
}

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
