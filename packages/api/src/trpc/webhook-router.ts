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
import {
  presentWebhook,
  presentWebhookDelivery,
  presentWebhookWithSecret,
  webhookDeleted,
} from "../present-webhook.ts";
import {
  createWebhookSchema,
  listWebhookDeliveriesSchema,
  noInputSchema,
  updateWebhookInputSchema,
  webhookDeletedSchema,
  webhookDeliveryPageSchema,
  webhookDeliveryPathSchema,
  webhookDeliverySchema,
  webhookListSchema,
  webhookPathSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from "../schemas/index.ts";
import { t } from "./init.ts";
import { configuring } from "./procedures.ts";

/** `webhook.*`: the same verbs and schemas as REST. */
export const webhookRouter = t.router({
  list: configuring(noInputSchema)
    .output(webhookListSchema)
    .query(async ({ ctx }) => ({ data: (await listWebhooks(ctx.core)).map(presentWebhook) })),

  byId: configuring(webhookPathSchema)
    .output(webhookSchema)
    .query(async ({ ctx, input }) =>
      presentWebhook(await getWebhook(ctx.core, { webhookId: input.webhook_id })),
    ),

  create: configuring(createWebhookSchema)
    .output(webhookWithSecretSchema)
    .mutation(async ({ ctx, input: { event_types: eventTypes, ...rest } }) =>
      presentWebhookWithSecret(
        await createWebhook(ctx.core, { ...rest, eventTypes, policy: ctx.services.webhookPolicy }),
      ),
    ),

  update: configuring(updateWebhookInputSchema)
    .output(webhookSchema)
    .mutation(async ({ ctx, input: { webhook_id: webhookId, event_types: eventTypes, ...rest } }) =>
      presentWebhook(
        await updateWebhook(ctx.core, {
          ...rest,
          webhookId,
          eventTypes,
          policy: ctx.services.webhookPolicy,
        }),
      ),
    ),

  delete: configuring(webhookPathSchema)
    .output(webhookDeletedSchema)
    .mutation(async ({ ctx, input }) => {
      await deleteWebhook(ctx.core, { webhookId: input.webhook_id });
      return webhookDeleted;
    }),

  rotateSecret: configuring(webhookPathSchema)
    .output(webhookWithSecretSchema)
    .mutation(async ({ ctx, input }) =>
      presentWebhookWithSecret(await rotateWebhookSecret(ctx.core, { webhookId: input.webhook_id })),
    ),

  test: configuring(webhookPathSchema)
    .output(webhookDeliverySchema)
    .mutation(async ({ ctx, input }) =>
      presentWebhookDelivery(
        await testWebhook(ctx.core, {
          webhookId: input.webhook_id,
          policy: ctx.services.webhookPolicy,
        }),
      ),
    ),

  deliveries: configuring(listWebhookDeliveriesSchema)
    .output(webhookDeliveryPageSchema)
    .query(async ({ ctx, input: { webhook_id: webhookId, ...page } }) =>
      presentPage(await listWebhookDeliveries(ctx.core, { ...page, webhookId }), presentWebhookDelivery),
    ),

  redeliver: configuring(webhookDeliveryPathSchema)
    .output(webhookDeliverySchema)
    .mutation(async ({ ctx, input }) =>
      presentWebhookDelivery(
        await redeliverWebhook(ctx.core, { webhookId: input.webhook_id, deliveryId: input.delivery_id }),
      ),
    ),
});
