import type * as core from "@lethe/core";
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhookDeliveries,
  listWebhooks,
  redeliverWebhook,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from "@lethe/core";
import { presentPage } from "../present.ts";
import type * as wire from "../schemas/index.ts";
import {
  createWebhookSchema,
  noInputSchema,
  pageInput,
  updateWebhookSchema,
  webhookDeletedSchema,
  webhookDeliveryPageSchema,
  webhookDeliveryPathSchema,
  webhookDeliverySchema,
  webhookListSchema,
  webhookPathSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from "../schemas/index.ts";
import { mutation, query } from "./operation.ts";

const path = "/webhooks";
const one = `${path}/{webhook_id}` as const;
const tag = "Webhooks";
const scope = "settings:write";

/** `webhook.*` over tRPC, `/webhooks` over REST. */
export const webhooks = {
  list: query({
    name: "webhook.list",
    scope,
    summary: "List the tenant's webhooks",
    input: noInputSchema,
    output: webhookListSchema,
    rest: { method: "get", path, operationId: "listWebhooks", tag, answer: "All of them" },
    run: async ({ core }) => ({ data: (await listWebhooks(core)).map(presentWebhook) }),
  }),

  byId: query({
    name: "webhook.byId",
    scope,
    summary: "Get a webhook",
    input: webhookPathSchema,
    output: webhookSchema,
    rest: { method: "get", path: one, operationId: "getWebhook", tag, answer: "The webhook" },
    run: async ({ core }, { webhook_id: webhookId }) => presentWebhook(await getWebhook(core, { webhookId })),
  }),

  create: mutation({
    name: "webhook.create",
    scope,
    summary: "Create a webhook",
    description:
      "From now on what happens is told to `url` by POST requests that are signed as Standard Webhooks says. " +
      "They hold ids, types and times, never content. `secret` is shown in this answer and never again.",
    input: createWebhookSchema,
    output: webhookWithSecretSchema,
    rest: {
      method: "post",
      path,
      operationId: "createWebhook",
      tag,
      status: 201,
      answer: "The new webhook, with its secret",
      location: { of: ({ id }) => `/api/v1/webhooks/${id}` },
      problems: { CONFLICT: "The tenant has as many as it may (`webhook_limit`)" },
    },
    run: async ({ services, core }, { event_types: eventTypes, ...webhook }) =>
      presentWebhookWithSecret(
        await createWebhook(core, { ...webhook, eventTypes, policy: services.webhookPolicy }),
      ),
  }),

  update: mutation({
    name: "webhook.update",
    scope,
    summary: "Change, enable or disable a webhook",
    input: updateWebhookSchema.extend(webhookPathSchema.shape).meta({ id: "UpdateWebhook" }),
    output: webhookSchema,
    rest: {
      method: "patch",
      path: one,
      operationId: "updateWebhook",
      tag,
      answer: "The webhook as it is now",
    },
    run: async ({ services, core }, { webhook_id: webhookId, event_types: eventTypes, ...webhook }) =>
      presentWebhook(
        await updateWebhook(core, { ...webhook, webhookId, eventTypes, policy: services.webhookPolicy }),
      ),
  }),

  delete: mutation({
    name: "webhook.delete",
    scope,
    summary: "Delete a webhook and its log",
    input: webhookPathSchema,
    output: webhookDeletedSchema,
    rest: { method: "delete", path: one, operationId: "deleteWebhook", tag, answer: "It is gone" },
    run: async ({ core }, { webhook_id: webhookId }) => {
      await deleteWebhook(core, { webhookId });
      return webhookDeleted;
    },
  }),

  rotateSecret: mutation({
    name: "webhook.rotateSecret",
    scope,
    summary: "Give a webhook a new secret",
    description: "For 24 hours deliveries carry the signatures of both secrets, the new one's first.",
    input: webhookPathSchema,
    output: webhookWithSecretSchema,
    rest: {
      method: "post",
      path: `${one}/rotate-secret`,
      operationId: "rotateWebhookSecret",
      tag,
      answer: "The webhook, with its new secret",
    },
    run: async ({ core }, { webhook_id: webhookId }) =>
      presentWebhookWithSecret(await rotateWebhookSecret(core, { webhookId })),
  }),

  test: mutation({
    name: "webhook.test",
    scope,
    summary: "Send a webhook.test now",
    description: "Waits up to 10 seconds for the receiver. It is not tried again.",
    input: webhookPathSchema,
    output: webhookDeliverySchema,
    rest: { method: "post", path: `${one}/test`, operationId: "testWebhook", tag, answer: "How it went" },
    run: async ({ services, core }, { webhook_id: webhookId }) =>
      presentWebhookDelivery(await testWebhook(core, { webhookId, policy: services.webhookPolicy })),
  }),

  deliveries: query({
    name: "webhook.deliveries",
    scope,
    summary: "List what a webhook was told, newest first",
    description: "Kept for 30 days.",
    input: webhookPathSchema.extend(pageInput),
    output: webhookDeliveryPageSchema,
    rest: {
      method: "get",
      path: `${one}/deliveries`,
      operationId: "listWebhookDeliveries",
      tag,
      answer: "A page of the log",
    },
    run: async ({ core }, { webhook_id: webhookId, ...page }) =>
      presentPage(await listWebhookDeliveries(core, { ...page, webhookId }), presentWebhookDelivery),
  }),

  redeliver: mutation({
    name: "webhook.redeliver",
    scope,
    summary: "Send something once more, under the same webhook-id",
    input: webhookDeliveryPathSchema,
    output: webhookDeliverySchema,
    rest: {
      method: "post",
      path: `${one}/deliveries/{delivery_id}/redeliver`,
      operationId: "redeliverWebhook",
      tag,
      status: 202,
      answer: "It is sent soon, and tried again like a new one",
      problems: { CONFLICT: "The webhook is disabled (`webhook_disabled`)" },
    },
    run: async ({ core }, { webhook_id: webhookId, delivery_id: deliveryId }) =>
      presentWebhookDelivery(await redeliverWebhook(core, { webhookId, deliveryId })),
  }),
};

/** A webhook of core in the words of the API. */
const presentWebhook = (webhook: core.Webhook): wire.Webhook => ({
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
const presentWebhookWithSecret = (webhook: core.WebhookWithSecret): wire.WebhookWithSecret => ({
  ...presentWebhook(webhook),
  secret: webhook.secret,
});

/** A delivery of core in the words of the API. */
const presentWebhookDelivery = (delivery: core.WebhookDelivery): wire.WebhookDelivery => ({
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
const webhookDeleted: wire.WebhookDeleted = {
  success: true,
  message: "Webhook deleted successfully",
};
