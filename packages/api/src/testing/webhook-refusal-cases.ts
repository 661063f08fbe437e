import { createWebhook, testWebhook, updateWebhook } from "@lethe/core";
import { expect } from "vitest";
import { nobody, type Operation, type ParityCase } from "./caller.ts";
import { deadUrl, webhook } from "./webhook-cases.ts";
import type { World } from "./world.ts";

const policy = { allowPrivate: true };
const onOne: Operation[] = [
  "webhook.byId",
  "webhook.update",
  "webhook.delete",
  "webhook.rotateSecret",
  "webhook.test",
  "webhook.deliveries",
  "webhook.redeliver",
];

const fine = { url: "https://example.com/", event_types: ["chat.deleted"] };
const malformed: { name: string; field?: string; operation?: Operation; input: Record<string, unknown> }[] = [
  { name: "no url", field: "url", input: { ...fine, url: undefined } },
  {
    name: "a url that is too long",
    field: "url",
    input: { ...fine, url: `https://e.com/${"x".repeat(2_000)}` },
  },
  { name: "a url of another kind", input: { ...fine, url: "ftp://example.com/" } },
  { name: "a url that is none", input: { ...fine, url: "example.com" } },
  { name: "a url with a password", input: { ...fine, url: "https://ann:hunter2@example.com/" } },
  { name: "no event types", field: "event_types", input: { ...fine, event_types: [] } },
  {
    name: "an event type that is none",
    field: "event_types.0",
    input: { ...fine, event_types: ["chat.sung"] },
  },
  { name: "a long description", field: "description", input: { ...fine, description: "x".repeat(201) } },
  { name: "an invisible description", field: "description", input: { ...fine, description: "\u200b" } },
  {
    name: "an id that is none",
    field: "webhook_id",
    operation: "webhook.byId",
    input: { webhook_id: "7" },
  },
  {
    name: "a delivery id that is none",
    field: "delivery_id",
    operation: "webhook.redeliver",
    input: { webhook_id: nobody, delivery_id: "7" },
  },
  {
    name: "enabled in words",
    field: "enabled",
    operation: "webhook.update",
    input: { webhook_id: nobody, enabled: "yes" },
  },
];

/** What is not done to webhooks. */
export const webhookRefusalCases: ParityCase[] = [
  ...onOne.flatMap((operation) =>
    (["all", "strangers"] as const).map((who) => ({
      name: `${operation} on ${who === "all" ? "none" : "another tenant's webhook"}`,
      status: 404,
      code: "webhook_not_found",
      given: async (world: World): ReturnType<ParityCase["given"]> => {
        const { own, id } = await webhook(world);
        const webhook_id = who === "all" ? nobody : id;
        const delivery = operation === "webhook.redeliver" && { delivery_id: nobody };
        return { operation, input: { webhook_id, ...delivery }, apiKey: own.keys[who] };
      },
    })),
  ),
  ...malformed.map(
    ({ name, field, operation = "webhook.create", input }): ParityCase => ({
      name: `${operation} with ${name}`,
      status: 400,
      code: "invalid_request",
      given: async ({ keys }) => ({
        operation,
        input,
        apiKey: keys.all,
        verify: ({ body }) => {
          if (field) expect(body.errors).toMatchObject([{ field }]);
          expect(JSON.stringify(body)).not.toContain("hunter2");
        },
      }),
    }),
  ),
  {
    name: "creates no 21st webhook",
    status: 409,
    code: "webhook_limit",
    given: async (world) => {
      const { own } = await webhook(world);
      for (let n = 1; n < 20; n += 1)
        await createWebhook(own.context, { url: deadUrl, eventTypes: ["chat.deleted"], policy });
      return { operation: "webhook.create", input: fine, apiKey: own.keys.all };
    },
  },
  {
    name: "redelivers nothing that was never sent",
    status: 404,
    code: "delivery_not_found",
    given: async (world) => {
      const { own, id } = await webhook(world);
      return {
        operation: "webhook.redeliver",
        input: { webhook_id: id, delivery_id: nobody },
        apiKey: own.keys.all,
      };
    },
  },
  {
    name: "redelivers nothing to a webhook that is disabled",
    status: 409,
    code: "webhook_disabled",
    given: async (world) => {
      const { own, id } = await webhook(world);
      const delivery = await testWebhook(own.context, { webhookId: id, policy });
      await updateWebhook(own.context, { webhookId: id, enabled: false, policy });
      return {
        operation: "webhook.redeliver",
        input: { webhook_id: id, delivery_id: delivery.id },
        apiKey: own.keys.all,
      };
    },
  },
];
