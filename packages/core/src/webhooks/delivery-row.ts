import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { WebhookDelivery } from "./webhook.ts";

/** The columns of a delivery for a SELECT or RETURNING. */
export const deliveryColumns = Prisma.sql`
  id, endpoint_id, event_type, payload, state, attempts, created_at, next_attempt_at, last_attempt_at,
  last_status, last_error, delivered_at`;

/**
 * The id that the delivery of `message` to `endpoint` has, in SQL: the message's, whose last group is the webhook's. So
 * it is known before the delivery is there, and the message is found by it.
 */
export const futureId = Prisma.sql`(left(message.key::text, 24) || right(endpoint.id::text, 12))::uuid`;

/** That a message has still to become a delivery to an endpoint, in SQL. */
export const isWaiting = (message: Prisma.Sql, endpoint: Prisma.Sql) => Prisma.sql`(
  ${endpoint}.last_expanded < ${endpoint}.last_message
  AND ${message}.id > ${endpoint}.last_expanded AND ${message}.id <= ${endpoint}.last_message
  AND ${endpoint}.id = ANY (${message}.endpoint_ids)
)`;

/**
 * The `deliveryColumns` of what a webhook is to be told and has not got into its log yet, from `message` and `endpoint`,
 * in SQL; an AND may follow.
 */
export const waitingDeliveries = (tenantId: string, webhookId: string) => Prisma.sql`
  SELECT ${futureId} AS id, endpoint.id AS endpoint_id, message.event_type, message.payload, 'pending' AS state,
    0 AS attempts, message.created_at, message.created_at AS next_attempt_at, NULL::timestamptz AS last_attempt_at,
    NULL::integer AS last_status, NULL::text AS last_error, NULL::timestamptz AS delivered_at
  FROM webhook_endpoint AS endpoint JOIN webhook_message AS message ON message.tenant_id = endpoint.tenant_id
  WHERE endpoint.tenant_id = ${tenantId}::uuid AND endpoint.id = ${webhookId}::uuid
    AND ${isWaiting(Prisma.sql`message`, Prisma.sql`endpoint`)}`;

/** The one of `waitingDeliveries` that has an id. Its message is found by what their ids have in common. */
export function waitingDelivery(tenantId: string, webhookId: string, deliveryId: string): Prisma.Sql {
  const start = deliveryId.slice(0, -12);
  return Prisma.sql`
    ${waitingDeliveries(tenantId, webhookId)} AND ${futureId} = ${deliveryId}::uuid
      AND message.key BETWEEN ${`${start}000000000000`}::uuid AND ${`${start}ffffffffffff`}::uuid`;
}

/** What is stored of a payload. Parsing puts its members into the order in which they are sent. */
export const payloadSchema = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.record(z.string(), z.string()),
});

/** Something to send, and how far it is in the schedule of attempts. */
export const dueDelivery = z.object({ id: z.string(), step: z.int(), payload: payloadSchema });
export type DueDelivery = z.infer<typeof dueDelivery>;

/** Rows of `deliveryColumns`. */
export const deliveryRows = z.array(
  z
    .object({
      id: z.string(),
      endpoint_id: z.string(),
      event_type: z.string(),
      payload: payloadSchema,
      state: z.enum(["pending", "delivered", "failed"]),
      attempts: z.int(),
      created_at: z.date(),
      next_attempt_at: z.date().nullable(),
      last_attempt_at: z.date().nullable(),
      last_status: z.int().nullable(),
      last_error: z.string().nullable(),
      delivered_at: z.date().nullable(),
    })
    .transform(
      (row): WebhookDelivery => ({
        id: row.id,
        webhookId: row.endpoint_id,
        eventType: row.event_type,
        payload: row.payload,
        state: row.state,
        attempts: row.attempts,
        createdAt: row.created_at,
        nextAttemptAt: row.next_attempt_at,
        lastAttemptAt: row.last_attempt_at,
        lastStatus: row.last_status,
        lastError: row.last_error,
        deliveredAt: row.delivered_at,
      }),
    ),
);
