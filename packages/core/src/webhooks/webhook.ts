import { Prisma } from "@lethe/db";
import { z } from "zod";
import { LetheError } from "../errors.ts";
import { limits, webhookEventTypes } from "../limits.ts";

export type WebhookEventType = (typeof webhookEventTypes)[number];
const isEventType = (type: string): type is WebhookEventType =>
  webhookEventTypes.some((known) => known === type);

/** Where a tenant is told of what happens, as it is read by `webhookColumns`. Its secret is told once, by what made it. */
export const webhookSchema = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string(),
  /** Types of a newer version are left out. */
  eventTypes: z.array(z.string()).transform((types) => types.filter(isEventType)),
  /** Whether anything is sent. What is pending waits; what happens meanwhile is not told later. */
  enabled: z.boolean(),
  /** When the system disabled it, and why: it answered 410, or had no success for days. */
  disabledAt: z.date().nullable(),
  disabledReason: z.enum(["gone", "failing"]).nullable(),
  /** No attempt has succeeded since then; null: the last one did, or there was none. */
  failingSince: z.date().nullable(),
  /** Until then deliveries are signed with the secret before the last one too. */
  previousSecretUntil: z.date().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type Webhook = z.infer<typeof webhookSchema>;

/** The columns of a webhook for a SELECT or RETURNING; no secret is among them. */
export const webhookColumns = Prisma.sql`
  id, url, description, event_types AS "eventTypes", enabled, disabled_at AS "disabledAt",
  disabled_reason AS "disabledReason", failing_since AS "failingSince",
  CASE WHEN previous_secret_until > clock_timestamp() THEN previous_secret_until END AS "previousSecretUntil",
  created_at AS "createdAt", updated_at AS "updatedAt"`;

/** A webhook and what its deliveries are signed with, "whsec_" and base64. */
export type WebhookWithSecret = Webhook & { secret: string };

/** What is sent, in the shape that Standard Webhooks proposes: ids, types and times, never content. */
export const payloadSchema = z.object({
  // Parsing puts the members into the order in which they are sent.
  type: z.string(),
  timestamp: z.string(),
  data: z.record(z.string(), z.string()),
});
export type WebhookPayload = z.infer<typeof payloadSchema>;

/** What a webhook was told, or is to be told, as it is read by `deliveryColumns`. */
export const deliverySchema = z.object({
  /** Also the `webhook-id` that the receiver sees, however often it is sent. */
  id: z.string(),
  webhookId: z.string(),
  eventType: z.string(),
  payload: payloadSchema,
  state: z.enum(["pending", "delivered", "failed"]),
  attempts: z.int(),
  createdAt: z.date(),
  /** When it is sent next; null unless pending. */
  nextAttemptAt: z.date().nullable(),
  lastAttemptAt: z.date().nullable(),
  /** The HTTP status of the last attempt; null if no answer came. */
  lastStatus: z.int().nullable(),
  /** What was wrong with the last attempt. It quotes nothing that the receiver has sent. */
  lastError: z.string().nullable(),
  deliveredAt: z.date().nullable(),
});
export type WebhookDelivery = z.infer<typeof deliverySchema>;
export type WebhookDeliveryState = WebhookDelivery["state"];

/** The columns of a delivery for a SELECT or RETURNING. */
export const deliveryColumns = Prisma.sql`
  id, endpoint_id AS "webhookId", event_type AS "eventType", payload, state, attempts, created_at AS "createdAt",
  next_attempt_at AS "nextAttemptAt", last_attempt_at AS "lastAttemptAt", last_status AS "lastStatus",
  last_error AS "lastError", delivered_at AS "deliveredAt"`;

/** A missing webhook and one of another tenant are the same answer. */
export function webhookNotFound(): LetheError {
  return new LetheError("NOT_FOUND", "webhook_not_found", "Webhook not found");
}

/** A missing delivery, one of another webhook and one that was pruned are the same answer. */
export function deliveryNotFound(): LetheError {
  return new LetheError(
    "NOT_FOUND",
    "delivery_not_found",
    "Delivery not found. Deliveries are kept for 30 days",
  );
}

/** The tenant has as many as it may have. */
export function webhookLimit(): LetheError {
  return new LetheError(
    "CONFLICT",
    "webhook_limit",
    `Your tenant has ${limits.webhooks} webhooks, which is the most. Delete one that is not needed`,
  );
}

/** Nothing is sent to it. */
export function webhookDisabled(): LetheError {
  return new LetheError("CONFLICT", "webhook_disabled", "The webhook is disabled. Enable it, then try again");
}
