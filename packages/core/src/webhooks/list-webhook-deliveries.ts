import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { Context } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { limits } from "../limits.ts";
import type { Page } from "../types.ts";
import { deliveryColumns, deliveryRows, futureId, waitingDeliveries } from "./delivery-row.ts";
import { getWebhook } from "./get-webhook.ts";
import type { WebhookDelivery } from "./webhook.ts";

/** `created_at` in milliseconds, which is all that the column holds, up to the year 9999; and the id. */
const placeSchema = z.tuple([z.int().min(0).max(253_402_300_799_999), z.guid()]);

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
  const rows = await ctx.db.$queryRaw`
    (
      SELECT ${deliveryColumns} FROM webhook_delivery
      WHERE tenant_id = ${ctx.tenantId}::uuid AND endpoint_id = ${webhookId}::uuid ${before(place, Prisma.sql`created_at, id`)}
      ORDER BY created_at DESC, id DESC
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
    ORDER BY created_at DESC, id DESC
    LIMIT ${size + 1}::integer`;
  const deliveries = deliveryRows.parse(rows);
  const items = deliveries.slice(0, size);
  const last = items.at(-1);
  const more = deliveries.length > size && last !== undefined;
  return { items, nextCursor: more ? encodeCursor([last.createdAt.getTime(), last.id]) : null };
}

/** What comes after a place in the order of the log, in SQL. */
function before(place: z.infer<typeof placeSchema> | null, columns: Prisma.Sql): Prisma.Sql {
  if (place === null) return Prisma.empty;
  const [createdAt, id] = place;
  return Prisma.sql`AND (${columns}) < (${new Date(createdAt)}::timestamptz, ${id}::uuid)`;
}
