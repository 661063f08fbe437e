import { randomUUID } from "node:crypto";
import { Prisma } from "@lethe/db";
import { z } from "zod";
import { readClock } from "../clock.ts";
import type { Context } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { inOrder } from "../in-order.ts";
import { limits } from "../limits.ts";
import type { Page } from "../types.ts";
import { futureId, waitingDeliveries, waitingDelivery } from "./delivery-row.ts";
import { wake } from "./endpoint-leases.ts";
import { signingSecrets } from "./read-due.ts";
import { sendWebhook } from "./send-webhook.ts";
import {
  deliveryColumns,
  deliveryNotFound,
  deliverySchema,
  type WebhookDelivery,
  type WebhookPayload,
  webhookDisabled,
  webhookNotFound,
} from "./webhook.ts";
import { sendTimeoutMs } from "./webhook-options.ts";
import type { WebhookPolicy } from "./webhook-url.ts";
import { getWebhook } from "./webhooks.ts";

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
  const [delivery] = z.array(deliverySchema).parse(rows);
  if (delivery === undefined) throw deliveryNotFound();
  return delivery;
}

/** `created_at` in milliseconds, which is all that the column holds, up to the year 9999; and the id. */
const placeSchema = z.tuple([z.int().min(0).max(253_402_300_799_999), z.guid()]);
type Place = z.infer<typeof placeSchema>;
const oldest: Place = [0, "00000000-0000-0000-0000-000000000000"];
const newest: Place = [253_402_300_799_999, "ffffffff-ffff-ffff-ffff-ffffffffffff"];

export type ListWebhookDeliveries = {
  webhookId: string;
  /** Deliveries on the page, 1 to `limits.pageSize`. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
};

/**
 * A page of what a webhook was told in the last 30 days or is to be told, newest first.
 *
 * Throws NOT_FOUND (webhook_not_found), and BAD_REQUEST for a cursor that is none.
 */
export async function listWebhookDeliveries(
  ctx: Context,
  { webhookId, limit, cursor }: ListWebhookDeliveries,
): Promise<Page<WebhookDelivery>> {
  await getWebhook(ctx, { webhookId });
  const size = Math.min(limit, limits.pageSize);
  const place = cursor ? decodeCursor(cursor, placeSchema) : null;
  const end = place ?? newest;
  const rows = await ctx.db.$queryRaw`
    (
      -- A range of the index that begins with the webhook, and sorted by it. With the webhook as an equality PostgreSQL may
      -- walk through what all webhooks were told, by its time, until it has met enough of this one.
      SELECT ${deliveryColumns} FROM webhook_delivery ${inOrder}
      WHERE tenant_id = ${ctx.tenantId}::uuid
        AND (endpoint_id, created_at, id) > (${webhookId}::uuid, ${new Date(oldest[0])}::timestamptz, ${oldest[1]}::uuid)
        AND (endpoint_id, created_at, id) < (${webhookId}::uuid, ${new Date(end[0])}::timestamptz, ${end[1]}::uuid)
      ORDER BY endpoint_id DESC, created_at DESC, id DESC
      LIMIT ${size + 1}::integer
    )
    UNION ALL
    (
      ${waitingDeliveries(ctx.tenantId, webhookId)} ${before(place, Prisma.sql`message.created_at, ${futureId}`)}
        AND message.created_at >= (
          SELECT first.created_at
          FROM webhook_endpoint AS e JOIN webhook_message AS first ON first.tenant_id = e.tenant_id
          WHERE e.tenant_id = ${ctx.tenantId}::uuid AND e.id = ${webhookId}::uuid AND first.id > e.last_expanded
          ORDER BY first.id
          LIMIT 1
        )
      ORDER BY message.created_at DESC, message.key DESC
      LIMIT ${size + 1}::integer
    )
    ORDER BY "createdAt" DESC, id DESC
    LIMIT ${size + 1}::integer`;
  const deliveries = z.array(deliverySchema).parse(rows);
  const items = deliveries.slice(0, size);
  const last = items.at(-1);
  const more = deliveries.length > size && last !== undefined;
  return { items, nextCursor: more ? encodeCursor([last.createdAt.getTime(), last.id]) : null };
}

/** What comes after a place in the order of the log, in SQL. */
function before(place: Place | null, columns: Prisma.Sql): Prisma.Sql {
  if (place === null) return Prisma.empty;
  const [createdAt, id] = place;
  return Prisma.sql`AND (${columns}) < (${new Date(createdAt)}::timestamptz, ${id}::uuid)`;
}

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
  const [delivery] = z.array(deliverySchema).parse(rows);
  if (delivery === undefined) throw deliveryNotFound();
  return delivery;
}

/** The type of what is sent to try a webhook. */
const testEventType = "webhook.test";

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
  const [delivery] = z.array(deliverySchema).parse(rows);
  if (delivery === undefined) throw webhookNotFound();
  return delivery;
}
