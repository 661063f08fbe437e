import { LetheError } from "../errors.ts";
import { limits, type webhookEventTypes } from "../limits.ts";

export type WebhookEventType = (typeof webhookEventTypes)[number];

/** Where a tenant is told of what happens. Its secret is told once, by what made it. */
export type Webhook = {
  id: string;
  url: string;
  description: string;
  eventTypes: WebhookEventType[];
  /** Whether anything is sent. What is pending waits; what happens meanwhile is not told later. */
  enabled: boolean;
  /** When the system disabled it, and why: it answered 410, or had no success for days. */
  disabledAt: Date | null;
  disabledReason: "gone" | "failing" | null;
  /** No attempt has succeeded since then; null: the last one did, or there was none. */
  failingSince: Date | null;
  /** Until then deliveries are signed with the secret before the last one too. */
  previousSecretUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
};

/** A webhook and what its deliveries are signed with, "whsec_" and base64. */
export type WebhookWithSecret = Webhook & { secret: string };

/** What is sent, in the shape that Standard Webhooks proposes: ids, types and times, never content. */
export type WebhookPayload = { type: string; timestamp: string; data: Record<string, string> };

export type WebhookDeliveryState = "pending" | "delivered" | "failed";

/** What a webhook was told, or is to be told. */
export type WebhookDelivery = {
  /** Also the `webhook-id` that the receiver sees, however often it is sent. */
  id: string;
  webhookId: string;
  eventType: string;
  payload: WebhookPayload;
  state: WebhookDeliveryState;
  attempts: number;
  createdAt: Date;
  /** When it is sent next; null unless pending. */
  nextAttemptAt: Date | null;
  lastAttemptAt: Date | null;
  /** The HTTP status of the last attempt; null if no answer came. */
  lastStatus: number | null;
  /** What was wrong with the last attempt. It quotes nothing that the receiver has sent. */
  lastError: string | null;
  deliveredAt: Date | null;
};

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
