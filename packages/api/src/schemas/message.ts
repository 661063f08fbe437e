import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { pageOf } from "./page.ts";
import { strictInput } from "./strict-input.ts";
import { text, timeSchema } from "./text.ts";

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

/** What a caller writes. White space within a body is kept as it was sent. */
export const createMessageSchema = strictInput(
  {
    author: text("author", { min: 1, max: limits.authorLength, trim: true }),
    body: text("body", { min: 1, max: limits.bodyLength, trim: false }),
  },
  "Send a JSON object with an author and a body",
);
