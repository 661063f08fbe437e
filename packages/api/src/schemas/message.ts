import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { pageInput, pageOf, pageParameters } from "./page.ts";
import { strictInput } from "./strict-input.ts";
import { chatIdSchema, text, timeSchema } from "./text.ts";

/** A message as callers see it. `seq` counts from 1 within its chat, without gaps. */
export const messageSchema = z
  .object({
    id: z.string().meta({ format: "uuid" }),
    chat_id: z.string().meta({ format: "uuid" }),
    seq: z.int().min(1),
    author: z.string(),
    body: z.string(),
    created_at: timeSchema,
  })
  .meta({ id: "Message" });
export type Message = z.infer<typeof messageSchema>;

export const messagePageSchema = pageOf(messageSchema).meta({ id: "MessagePage" });
export type MessagePage = z.infer<typeof messagePageSchema>;

const orderSchema = z
  .enum(["oldest_first", "newest_first"], "order must be oldest_first or newest_first")
  .default("oldest_first");

/** Which messages of a chat to list. */
export const listMessagesSchema = strictInput({
  chat_id: chatIdSchema,
  ...pageInput,
  order: orderSchema,
});

/** The same as `listMessagesSchema` without the chat, in a query string. */
export const listMessagesQuerySchema = strictInput({
  ...pageParameters,
  order: orderSchema,
});

/** What a caller writes. White space within a body is kept as it was sent. */
export const createMessageSchema = strictInput(
  {
    author: text("author", { min: 1, max: limits.authorLength, trim: true }),
    body: text("body", { min: 1, max: limits.bodyLength, trim: false }),
  },
  "Send a JSON object with an author and a body",
).meta({ id: "CreateMessage" });

export const createMessageInputSchema = createMessageSchema.extend({ chat_id: chatIdSchema });
