import { Prisma } from "@lethe/db";
import { z } from "zod";
import { payloadSchema } from "./webhook.ts";

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
 * The `deliveryColumns`, without their names, of what a webhook is to be told and has not got into its log yet, from
 * `message` and `endpoint`, in SQL; an AND may follow.
 */
export const waitingDeliveries = (tenantId: string, webhookId: string) => Prisma.sql`
  SELECT ${futureId}, endpoint.id, message.event_type, message.payload, 'pending', 0, message.created_at,
    message.created_at, NULL::timestamptz, NULL::integer, NULL::text, NULL::timestamptz
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

/** Something to send, and how far it is in the schedule of attempts. */
export const dueDelivery = z.object({ id: z.string(), step: z.int(), payload: payloadSchema });
export type DueDelivery = z.infer<typeof dueDelivery>;
