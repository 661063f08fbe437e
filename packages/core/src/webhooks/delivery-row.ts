import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { WebhookDelivery } from "./webhook.ts";

/** The columns of a delivery for a SELECT or RETURNING. */
export const deliveryColumns = Prisma.sql`
  id, endpoint_id, event_type, payload, state, attempts, created_at, next_attempt_at, last_attempt_at,
  last_status, last_error, delivered_at`;

/** What is stored of a payload. Parsing puts its members into the order in which they are sent. */
export const payloadSchema = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.record(z.string(), z.string()),
});

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
