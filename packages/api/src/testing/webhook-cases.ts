import { createWebhook, getWebhook, listWebhookDeliveries, testWebhook } from "@lethe/core";
import { expect } from "vitest";
import {
  webhookDeliveryPageSchema,
  webhookDeliverySchema,
  webhookListSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from "../schemas/index.ts";
import type { ParityCase } from "./caller.ts";
import { createWorld, type World } from "./world.ts";

const policy = { allowPrivate: true };
/** Nobody listens there. */
export const deadUrl = "http://127.0.0.1:9/";

/** A webhook of the calling tenant, whose number is limited, so a tenant of its own. */
export async function webhook(world: World, url = deadUrl) {
  const own = await createWorld(world.db);
  const { id, secret } = await createWebhook(own.context, { url, eventTypes: ["chat.deleted"], policy });
  return { own, id, secret };
}

/** Webhooks and their log. */
export const webhookCases: ParityCase[] = [
  {
    name: "creates a webhook and tells its secret",
    status: 201,
    given: async (world) => {
      const { own } = await webhook(world);
      return {
        operation: "webhook.create",
        input: {
          url: " HTTPS:example.com:443/./hooks?a=b ",
          event_types: ["chat.deleted", "deletion.erased", "chat.deleted"],
          description: " Ours ",
        },
        apiKey: own.keys.all,
        verify: async ({ body }) => {
          const { secret, ...created } = webhookWithSecretSchema.strict().parse(body);
          expect(created).toMatchObject({
            url: "https://example.com/hooks?a=b",
            event_types: ["chat.deleted", "deletion.erased"],
            description: "Ours",
            enabled: true,
            disabled_reason: null,
          });
          expect(Buffer.from(secret.slice("whsec_".length), "base64")).toHaveLength(32);
          const stored = await getWebhook(own.context, { webhookId: created.id });
          expect(JSON.stringify(stored)).not.toContain(secret);
        },
      };
    },
  },
  {
    name: "lists the tenant's webhooks, without secrets and nobody else's",
    status: 200,
    given: async (world) => {
      const { own, id, secret } = await webhook(world);
      return {
        operation: "webhook.list",
        input: {},
        apiKey: own.keys.all,
        verify: ({ body }) => {
          expect(
            webhookListSchema
              .strict()
              .parse(body)
              .data.map((one) => one.id),
          ).toEqual([id]);
          expect(JSON.stringify(body)).not.toContain(secret);
        },
      };
    },
  },
  {
    name: "gets a webhook",
    status: 200,
    given: async (world) => {
      const { own, id } = await webhook(world);
      return {
        operation: "webhook.byId",
        input: { webhook_id: id.toUpperCase() },
        apiKey: own.keys.all,
        verify: ({ body }) => expect(webhookSchema.strict().parse(body)).toMatchObject({ id, url: deadUrl }),
      };
    },
  },
  {
    name: "changes of a webhook what is given",
    status: 200,
    given: async (world) => {
      const { own, id } = await webhook(world);
      return {
        operation: "webhook.update",
        input: { webhook_id: id, enabled: false, event_types: ["chat.trashed"] },
        apiKey: own.keys.all,
        verify: ({ body }) =>
          expect(webhookSchema.strict().parse(body)).toMatchObject({
            url: deadUrl,
            enabled: false,
            event_types: ["chat.trashed"],
            disabled_reason: null,
          }),
      };
    },
  },
  {
    name: "deletes a webhook",
    status: 200,
    given: async (world) => {
      const { own, id } = await webhook(world);
      return {
        operation: "webhook.delete",
        input: { webhook_id: id },
        apiKey: own.keys.all,
        verify: async ({ body }) => {
          expect(body).toEqual({ success: true, message: "Webhook deleted successfully" });
          await expect(getWebhook(own.context, { webhookId: id })).rejects.toMatchObject({
            reason: "webhook_not_found",
          });
          const rows = await own.db.webhookEndpoint.findMany({ where: { tenantId: own.context.tenantId } });
          expect(rows).toMatchObject([{ secret: "", url: "" }]);
        },
      };
    },
  },
  {
    name: "gives a webhook a new secret beside the old one",
    status: 200,
    given: async (world) => {
      const { own, id, secret } = await webhook(world);
      return {
        operation: "webhook.rotateSecret",
        input: { webhook_id: id },
        apiKey: own.keys.all,
        verify: ({ body }) => {
          const rotated = webhookWithSecretSchema.strict().parse(body);
          expect(rotated.secret).not.toBe(secret);
          expect(Date.parse(rotated.previous_secret_until ?? "") - Date.now()).toBeGreaterThan(
            23 * 3_600_000,
          );
        },
      };
    },
  },
  {
    name: "tries a webhook and says what was wrong",
    status: 200,
    given: async (world) => {
      const { own, id } = await webhook(world);
      return {
        operation: "webhook.test",
        input: { webhook_id: id },
        apiKey: own.keys.all,
        verify: async ({ body }) => {
          const delivery = webhookDeliverySchema.strict().parse(body);
          expect(delivery).toMatchObject({
            webhook_id: id,
            event_type: "webhook.test",
            state: "failed",
            attempts: 1,
            last_status: null,
            last_error: expect.stringContaining("connection"),
          });
          const log = await listWebhookDeliveries(own.context, { webhookId: id, limit: 9 });
          expect(log.items.map((item) => item.id)).toEqual([delivery.id]);
        },
      };
    },
  },
  {
    name: "lists what a webhook was told, newest first, a page at a time",
    status: 200,
    given: async (world) => {
      const { own, id } = await webhook(world);
      await testWebhook(own.context, { webhookId: id, policy });
      const newer = await testWebhook(own.context, { webhookId: id, policy });
      return {
        operation: "webhook.deliveries",
        input: { webhook_id: id, limit: 1 },
        apiKey: own.keys.all,
        verify: ({ body }) => {
          const page = webhookDeliveryPageSchema.strict().parse(body);
          expect(page.data.map((delivery) => delivery.id)).toEqual([newer.id]);
          expect(page.next_cursor).toBeTypeOf("string");
        },
      };
    },
  },
  {
    name: "has something sent once more",
    status: 202,
    given: async (world) => {
      const { own, id } = await webhook(world);
      const delivery = await testWebhook(own.context, { webhookId: id, policy });
      return {
        operation: "webhook.redeliver",
        input: { webhook_id: id, delivery_id: delivery.id },
        apiKey: own.keys.all,
        verify: ({ body }) =>
          expect(webhookDeliverySchema.strict().parse(body)).toMatchObject({
            id: delivery.id,
            state: "pending",
            attempts: 1,
            next_attempt_at: expect.any(String),
          }),
      };
    },
  },
];
