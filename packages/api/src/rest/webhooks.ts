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
import type { ApiApp } from "../http/env.ts";
import { presentPage } from "../present.ts";
import {
  presentWebhook,
  presentWebhookDelivery,
  presentWebhookWithSecret,
  webhookDeleted,
} from "../present-webhook.ts";
import * as routes from "./webhook-routes.ts";

/** The webhooks of `/api/v1`. */
export function mountWebhooks(app: ApiApp): void {
  app.openapi(routes.listWebhooksRoute, async (c) => {
    const webhooks = await listWebhooks(c.var.core);
    return c.json({ data: webhooks.map(presentWebhook) }, 200);
  });

  app.openapi(routes.createWebhookRoute, async (c) => {
    const { event_types: eventTypes, ...rest } = c.req.valid("json");
    const webhook = await createWebhook(c.var.core, {
      ...rest,
      eventTypes,
      policy: c.var.services.webhookPolicy,
    });
    return c.json(presentWebhookWithSecret(webhook), 201, { Location: `/api/v1/webhooks/${webhook.id}` });
  });

  app.openapi(routes.getWebhookRoute, async (c) => {
    const webhook = await getWebhook(c.var.core, { webhookId: c.req.valid("param").webhook_id });
    return c.json(presentWebhook(webhook), 200);
  });

  app.openapi(routes.updateWebhookRoute, async (c) => {
    const { event_types: eventTypes, ...rest } = c.req.valid("json");
    const webhookId = c.req.valid("param").webhook_id;
    const webhook = await updateWebhook(c.var.core, {
      ...rest,
      eventTypes,
      webhookId,
      policy: c.var.services.webhookPolicy,
    });
    return c.json(presentWebhook(webhook), 200);
  });

  app.openapi(routes.deleteWebhookRoute, async (c) => {
    await deleteWebhook(c.var.core, { webhookId: c.req.valid("param").webhook_id });
    return c.json(webhookDeleted, 200);
  });

  app.openapi(routes.rotateWebhookSecretRoute, async (c) => {
    const webhook = await rotateWebhookSecret(c.var.core, { webhookId: c.req.valid("param").webhook_id });
    return c.json(presentWebhookWithSecret(webhook), 200);
  });

  app.openapi(routes.testWebhookRoute, async (c) => {
    const delivery = await testWebhook(c.var.core, {
      webhookId: c.req.valid("param").webhook_id,
      policy: c.var.services.webhookPolicy,
    });
    return c.json(presentWebhookDelivery(delivery), 200);
  });

  app.openapi(routes.listWebhookDeliveriesRoute, async (c) => {
    const webhookId = c.req.valid("param").webhook_id;
    const page = await listWebhookDeliveries(c.var.core, { ...c.req.valid("query"), webhookId });
    return c.json(presentPage(page, presentWebhookDelivery), 200);
  });

  app.openapi(routes.redeliverWebhookRoute, async (c) => {
    const { webhook_id: webhookId, delivery_id: deliveryId } = c.req.valid("param");
    const delivery = await redeliverWebhook(c.var.core, { webhookId, deliveryId });
    return c.json(presentWebhookDelivery(delivery), 202);
  });
}
