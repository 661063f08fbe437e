import type * as core from "@lethe/core";
import type * as wire from "./schemas/index.ts";

/** A webhook of core in the words of the API. */
export const presentWebhook = (webhook: core.Webhook): wire.Webhook => ({
  id: webhook.id,
  url: webhook.url,
  description: webhook.description,
  event_types: webhook.eventTypes,
  enabled: webhook.enabled,
  disabled_at: webhook.disabledAt?.toISOString() ?? null,
  disabled_reason: webhook.disabledReason,
  failing_since: webhook.failingSince?.toISOString() ?? null,
  previous_secret_until: webhook.previousSecretUntil?.toISOString() ?? null,
  created_at: webhook.createdAt.toISOString(),
  updated_at: webhook.updatedAt.toISOString(),
});

/** The same with its secret, for the one answer that tells it. */
export const presentWebhookWithSecret = (webhook: core.WebhookWithSecret): wire.WebhookWithSecret => ({
  ...presentWebhook(webhook),
  secret: webhook.secret,
});

/** A delivery of core in the words of the API. */
export const presentWebhookDelivery = (delivery: core.WebhookDelivery): wire.WebhookDelivery => ({
  id: delivery.id,
  webhook_id: delivery.webhookId,
  event_type: delivery.eventType,
  state: delivery.state,
  attempts: delivery.attempts,
  payload: delivery.payload,
  created_at: delivery.createdAt.toISOString(),
  next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
  last_attempt_at: delivery.lastAttemptAt?.toISOString() ?? null,
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  delivered_at: delivery.deliveredAt?.toISOString() ?? null,
});

/** What the deletion of a webhook answers. */
export const webhookDeleted: wire.WebhookDeleted = {
  success: true,
  message: "Webhook deleted successfully",
};
