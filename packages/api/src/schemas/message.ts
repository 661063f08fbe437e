import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { chatSchema } from "./chat.ts";
import { strictInput } from "./strict-input.ts";
import { pageOf, text, timeSchema } from "./text.ts";

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

/** A message in which something was found: instead of its body the part of it in which that stands, and where. */
export const messageHitSchema = messageSchema
  .omit({ body: true })
  .extend({
    chat_title: z.string(),
    excerpt: z
      .string()
      .meta({ description: "Up to 240 characters of the body; `…` where more of it is left out." }),
    marks: z.array(z.object({ start: z.int().min(0), end: z.int().min(1) })).meta({
      description: "From and up to where in the excerpt, in UTF-16 code units, as JavaScript slices.",
    }),
  })
  .meta({ id: "MessageHit" });
export type MessageHit = z.infer<typeof messageHitSchema>;

export const messageHitPageSchema = pageOf(messageHitSchema)
  .extend({
    complete: z.boolean().meta({
      description:
        "False while messages of before an upgrade are still brought into the index: there may be more.",
    }),
  })
  .meta({ id: "MessageHitPage" });
export type MessageHitPage = z.infer<typeof messageHitPageSchema>;

/** What a caller writes. White space within a body is kept as it was sent. */
export const createMessageSchema = strictInput(
  {
    author: text("author", { min: 1, max: limits.authorLength, trim: true }),
    body: text("body", { min: 1, max: limits.bodyLength, trim: false }),
  },
  "Send a JSON object with an author and a body",
);

/** Close code of a socket whose chat was deleted; it follows the `chat.deleted` frame. */
export const closeCodeChatDeleted = 4410;
/** Close code of a socket whose chat was moved into the trash; it follows the `chat.trashed` frame. */
export const closeCodeChatTrashed = 4411;

/**
 * What the server says on a chat's WebSocket. After `chat.deleted` it closes with 4410, after `chat.trashed`
 * with 4411.
 */
export const serverFrameSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), connection_id: z.string() }),
  z.object({ type: z.literal("message.created"), message: messageSchema }),
  z.object({ type: z.literal("chat.updated"), chat: chatSchema }),
  z.object({ type: z.literal("chat.trashed"), chat: chatSchema }),
  z.object({ type: z.literal("chat.deleted"), chat_id: z.string(), deleted_at: timeSchema }),
  z.object({
    type: z.literal("error"),
    code: z.string(),
    message: z.string(),
    retry_after: z.int().min(0).optional(),
  }),
]);
export type ServerFrame = z.infer<typeof serverFrameSchema>;

/** What a client may say on a chat's WebSocket. */
export const clientFrameSchema = z.discriminatedUnion(
  "type",
  [createMessageSchema.extend({ type: z.literal("message.create") })],
  'Send a JSON object whose type is "message.create"',
);
export type ClientFrame = z.infer<typeof clientFrameSchema>;
