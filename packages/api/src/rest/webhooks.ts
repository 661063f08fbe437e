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
import { limitBody, restBodySize } from "../http/limit-body.ts";
import { presentPage } from "../present.ts";
import {
  presentWebhook,
  presentWebhookDelivery,
  presentWebhookWithSecret,
  webhookDeleted,
} from "../present-webhook.ts";
import type { Services } from "../services.ts";
import { guard } from "./guard.ts";
import * as routes from "./webhook-routes.ts";

/** The webhooks of `/api/v1`. */
export function mountWebhooks(app: ApiApp, services: Services): void {
  const policy = services.webhookPolicy;
  const middleware = guard(services, "settings:write");
  const write = [middleware, limitBody(restBodySize)];

  app.openapi({ ...routes.listWebhooksRoute, middleware }, async (c) => {
    const webhooks = await listWebhooks(c.var.core);
    return c.json({ data: webhooks.map(presentWebhook) }, 200);
  });

  app.openapi({ ...routes.createWebhookRoute, middleware: write }, async (c) => {
    const { event_types: eventTypes, ...rest } = c.req.valid("json");
    const webhook = await createWebhook(c.var.core, { ...rest, eventTypes, policy });
    return c.json(presentWebhookWithSecret(webhook), 201, { Location: `/api/v1/webhooks/${webhook.id}` });
  });

  app.openapi({ ...routes.getWebhookRoute, middleware }, async (c) => {
    const webhook = await getWebhook(c.var.core, { webhookId: c.req.valid("param").webhook_id });
    return c.json(presentWebhook(webhook), 200);
  });

  app.openapi({ ...routes.updateWebhookRoute, middleware: write }, async (c) => {
    const { event_types: eventTypes, ...rest } = c.req.valid("json");
    const webhookId = c.req.valid("param").webhook_id;
    const webhook = await updateWebhook(c.var.core, { ...rest, eventTypes, webhookId, policy });
    return c.json(presentWebhook(webhook), 200);
  });

  app.openapi({ ...routes.deleteWebhookRoute, middleware }, async (c) => {
    await deleteWebhook(c.var.core, { webhookId: c.req.valid("param").webhook_id });
    return c.json(webhookDeleted, 200);
  });

  app.openapi({ ...routes.rotateWebhookSecretRoute, middleware }, async (c) => {
    const webhook = await rotateWebhookSecret(c.var.core, { webhookId: c.req.valid("param").webhook_id });
    return c.json(presentWebhookWithSecret(webhook), 200);
  });

  app.openapi({ ...routes.testWebhookRoute, middleware }, async (c) => {
    const delivery = await testWebhook(c.var.core, { webhookId: c.req.valid("param").webhook_id, policy });
    return c.json(presentWebhookDelivery(delivery), 200);
  });

  app.openapi({ ...routes.listWebhookDeliveriesRoute, middleware }, async (c) => {
    const webhookId = c.req.valid("param").webhook_id;
    const page = await listWebhookDeliveries(c.var.core, { ...c.req.valid("query"), webhookId });
    return c.json(presentPage(page, presentWebhookDelivery), 200);
  });

  app.openapi({ ...routes.redeliverWebhookRoute, middleware }, async (c) => {
    const { webhook_id: webhookId, delivery_id: deliveryId } = c.req.valid("param");
    const delivery = await redeliverWebhook(c.var.core, { webhookId, deliveryId });
    return c.json(presentWebhookDelivery(delivery), 202);
  });
}
