import {
  createWebhookSchema,
  listWebhookDeliveriesQuerySchema,
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
import { jsonAnswer, jsonBody } from "./describe.ts";
import { operation } from "./operation.ts";
import { problemAnswers } from "./problem-answers.ts";

const common = { tags: ["Webhooks"] };
const path = "/api/v1/webhooks" as const;
const one = `${path}/{webhook_id}` as const;
const params = webhookPathSchema;
const NOT_FOUND = "Webhook not found or doesn't belong to your tenant";
const bodyProblems = {
  PAYLOAD_TOO_LARGE: "The body is too large",
  UNSUPPORTED_MEDIA_TYPE: "The body is not application/json",
};

export const listWebhooksRoute = operation("settings:write", {
  ...common,
  method: "get",
  path,
  operationId: "listWebhooks",
  summary: "List the tenant's webhooks",
  responses: { 200: jsonAnswer("All of them", webhookListSchema), ...problemAnswers({}) },
});

export const createWebhookRoute = operation("settings:write", {
  ...common,
  method: "post",
  path,
  operationId: "createWebhook",
  summary: "Create a webhook",
  description:
    "From now on what happens is told to `url` by POST requests that are signed as Standard Webhooks says. " +
    "They hold ids, types and times, never content. `secret` is shown in this answer and never again.",
  request: { body: jsonBody(createWebhookSchema) },
  responses: {
    201: jsonAnswer("The new webhook, with its secret", webhookWithSecretSchema),
    ...problemAnswers({ ...bodyProblems, CONFLICT: "The tenant has as many as it may (`webhook_limit`)" }),
  },
});

export const getWebhookRoute = operation("settings:write", {
  ...common,
  method: "get",
  path: one,
  operationId: "getWebhook",
  summary: "Get a webhook",
  request: { params },
  responses: { 200: jsonAnswer("The webhook", webhookSchema), ...problemAnswers({ NOT_FOUND }) },
});

export const updateWebhookRoute = operation("settings:write", {
  ...common,
  method: "patch",
  path: one,
  operationId: "updateWebhook",
  summary: "Change, enable or disable a webhook",
  request: { params, body: jsonBody(updateWebhookSchema) },
  responses: {
    200: jsonAnswer("The webhook as it is now", webhookSchema),
    ...problemAnswers({ ...bodyProblems, NOT_FOUND }),
  },
});

export const deleteWebhookRoute = operation("settings:write", {
  ...common,
  method: "delete",
  path: one,
  operationId: "deleteWebhook",
  summary: "Delete a webhook and its log",
  request: { params },
  responses: { 200: jsonAnswer("It is gone", webhookDeletedSchema), ...problemAnswers({ NOT_FOUND }) },
});

export const rotateWebhookSecretRoute = operation("settings:write", {
  ...common,
  method: "post",
  path: `${one}/rotate-secret`,
  operationId: "rotateWebhookSecret",
  summary: "Give a webhook a new secret",
  description: "For 24 hours deliveries carry the signatures of both secrets, the new one's first.",
  request: { params },
  responses: {
    200: jsonAnswer("The webhook, with its new secret", webhookWithSecretSchema),
    ...problemAnswers({ NOT_FOUND }),
  },
});

export const testWebhookRoute = operation("settings:write", {
  ...common,
  method: "post",
  path: `${one}/test`,
  operationId: "testWebhook",
  summary: "Send a webhook.test now",
  description: "Waits up to 10 seconds for the receiver. It is not tried again.",
  request: { params },
  responses: {
    200: jsonAnswer("How it went", webhookDeliverySchema),
    ...problemAnswers({ NOT_FOUND }),
  },
});

export const listWebhookDeliveriesRoute = operation("settings:write", {
  ...common,
  method: "get",
  path: `${one}/deliveries`,
  operationId: "listWebhookDeliveries",
  summary: "List what a webhook was told, newest first",
  description: "Kept for 30 days.",
  request: { params, query: listWebhookDeliveriesQuerySchema },
  responses: {
    200: jsonAnswer("A page of the log", webhookDeliveryPageSchema),
    ...problemAnswers({ NOT_FOUND }),
  },
});

export const redeliverWebhookRoute = operation("settings:write", {
  ...common,
  method: "post",
  path: `${one}/deliveries/{delivery_id}/redeliver`,
  operationId: "redeliverWebhook",
  summary: "Send something once more, under the same webhook-id",
  request: { params: webhookDeliveryPathSchema },
  responses: {
    202: jsonAnswer("It is sent soon, and tried again like a new one", webhookDeliverySchema),
    ...problemAnswers({
      NOT_FOUND: "Webhook or delivery not found or doesn't belong to your tenant",
      CONFLICT: "The webhook is disabled (`webhook_disabled`)",
    }),
  },
});
