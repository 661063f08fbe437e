import { limits, webhookEventTypes } from "@lethe/core/limits";
import { z } from "zod";
import { strictInput } from "./strict-input.ts";
import { pageOf, text, timeSchema } from "./text.ts";

const id = z.string().meta({ format: "uuid" });
const typesRule = `event_types must be a list of one or more of ${webhookEventTypes.join(", ")}`;
const typeSchema = z.enum(webhookEventTypes, typesRule);

/** Where the tenant is told of what happens. */
export const webhookSchema = z
  .object({
    id,
    url: z.string(),
    description: z.string(),
    event_types: z.array(z.enum(webhookEventTypes)),
    enabled: z.boolean().meta({
      description: "While it is not, what is pending waits, and what happens is not told later.",
    }),
    disabled_at: timeSchema.nullable().meta({ description: "When the system disabled it; else null." }),
    disabled_reason: z
      .enum(["gone", "failing"])
      .nullable()
      .meta({ description: "gone: it answered 410. failing: it had no success for five days." }),
    failing_since: timeSchema.nullable().meta({ description: "No attempt has succeeded since then." }),
    previous_secret_until: timeSchema
      .nullable()
      .meta({ description: "Until then the secret before the last one signs too." }),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: "Webhook" });
export type Webhook = z.infer<typeof webhookSchema>;

/** A webhook as what made its secret answers it. */
export const webhookWithSecretSchema = webhookSchema
  .extend({
    secret: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]+=*$/)
      .meta({ description: "What deliveries are signed with. It is shown here and never again." }),
  })
  .meta({ id: "WebhookWithSecret" });
export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>;

/** All webhooks of the tenant; there are at most `limits.webhooks`. */
export const webhookListSchema = z.object({ data: z.array(webhookSchema) }).meta({ id: "WebhookList" });
export type WebhookList = z.infer<typeof webhookListSchema>;

/** What a webhook was told, or is to be told. */
export const webhookDeliverySchema = z
  .object({
    id: id.meta({ description: "Also the webhook-id that the receiver sees, however often it is sent." }),
    webhook_id: id,
    event_type: z.string(),
    state: z.enum(["pending", "delivered", "failed"]).meta({
      description: "failed: all attempts were in vain; it can be redelivered.",
    }),
    attempts: z.int().min(0),
    payload: z
      .object({ type: z.string(), timestamp: z.string(), data: z.record(z.string(), z.string()) })
      .meta({ description: "What is sent: ids, types and times, never content." }),
    created_at: timeSchema,
    next_attempt_at: timeSchema.nullable(),
    last_attempt_at: timeSchema.nullable(),
    last_status: z.int().nullable().meta({ description: "The HTTP status of the last answer." }),
    last_error: z.string().nullable(),
    delivered_at: timeSchema.nullable(),
  })
  .meta({ id: "WebhookDelivery" });
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;

const about = z.string().meta({ format: "uuid" });
const payloadOf = <Type extends string, Data extends z.ZodRawShape>(type: Type, data: Data) =>
  z.object({ type: z.literal(type), timestamp: timeSchema, data: z.object(data) });

/** What is sent to a webhook, by its type: ids, types and times, never content. */
export const webhookPayloads = {
  "chat.trashed": payloadOf("chat.trashed", { chat_id: about }),
  "chat.restored": payloadOf("chat.restored", { chat_id: about }),
  "chat.deleted": payloadOf("chat.deleted", { chat_id: about, deletion_id: about, deleted_at: timeSchema }),
  "deletion.erased": payloadOf("deletion.erased", {
    ...{ chat_id: about, deletion_id: about },
    erased_at: timeSchema,
  }),
  "deletion_job.finished": payloadOf("deletion_job.finished", { job_id: about }),
  "tenant.deleted": payloadOf("tenant.deleted", { tenant_id: about, deleted_at: timeSchema }),
  "webhook.test": payloadOf("webhook.test", { webhook_id: about }),
} as const satisfies Record<(typeof webhookEventTypes)[number] | "webhook.test", z.ZodObject>;

export const webhookDeliveryPageSchema = pageOf(webhookDeliverySchema).meta({ id: "WebhookDeliveryPage" });
export type WebhookDeliveryPage = z.infer<typeof webhookDeliveryPageSchema>;

export const webhookDeletedSchema = z
  .object({ success: z.literal(true), message: z.literal("Webhook deleted successfully") })
  .meta({ id: "WebhookDeleted" });
export type WebhookDeleted = z.infer<typeof webhookDeletedSchema>;

const urlSchema = text("url", { min: 1, max: limits.webhookUrlLength, trim: true }).meta({
  example: "https://example.com/webhooks",
});
const typesSchema = z.array(typeSchema, typesRule).min(1, typesRule).max(webhookEventTypes.length, typesRule);
const descriptionSchema = text("description", {
  min: 0,
  max: limits.webhookDescriptionLength,
  trim: true,
});

/** A new webhook. */
export const createWebhookSchema = strictInput(
  { url: urlSchema, event_types: typesSchema, description: descriptionSchema.optional() },
  "Send a JSON object with a url and event_types",
).meta({ id: "CreateWebhook" });

/** What is to change; the rest stays. `enabled: true` also forgets what was wrong. */
export const updateWebhookSchema = strictInput(
  {
    url: urlSchema.optional(),
    event_types: typesSchema.optional(),
    description: descriptionSchema.optional(),
    enabled: z.boolean("enabled must be true or false").optional(),
  },
  "Send a JSON object with what is to change: url, event_types, description, enabled",
);

const idSchema = (field: string) =>
  z
    .guid(`${field} must be a UUID: 8-4-4-4-12 hexadecimal digits, as the list shows it`)
    .toLowerCase()
    .meta({ example: "7f0c3c5e-3b7e-4a55-9d0a-1f6f0f5d2b11" });

export const webhookPathSchema = strictInput({ webhook_id: idSchema("webhook_id") });
export const webhookDeliveryPathSchema = webhookPathSchema.extend({ delivery_id: idSchema("delivery_id") });
