import { limits } from "@lethe/core/limits";
import { z } from "zod";
import { chatSchema } from "./chat.ts";
import { messageSchema } from "./message.ts";
import { strictInput } from "./strict-input.ts";
import { text, timeSchema } from "./text.ts";

/**
 * Something that happened in the tenant, as a subscription delivers it. `type` is what happened; `chat` is the chat as it is
 * when that is told, which may be back from the trash by then. `resync` says to read everything
 * anew: it comes first on a subscription that takes up nowhere, and where events were missed that are no
 * longer kept.
 */
export const tenantEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("chat.created"), chat: chatSchema }),
  z.object({ type: z.literal("chat.updated"), chat: chatSchema }),
  z.object({ type: z.literal("chat.trashed"), chat: chatSchema }),
  z.object({ type: z.literal("chat.restored"), chat: chatSchema }),
  z.object({ type: z.literal("message.created"), message: messageSchema }),
  z.object({
    type: z.literal("chat.deleted"),
    chat_id: z.string(),
    deleted_at: timeSchema,
    deletion_id: z.string(),
  }),
  z.object({
    type: z.literal("deletion.erased"),
    chat_id: z.string(),
    erased_at: timeSchema,
    deletion_id: z.string(),
  }),
  z.object({ type: z.literal("deletion_job.finished"), job_id: z.string() }),
  z.object({ type: z.literal("resync") }),
]);
export type TenantEvent = z.infer<typeof tenantEventSchema>;

/**
 * Where a subscription takes up: the id of the last event that was seen. Without it, from now on. Its inside is
 * nobody's business; an event has the same id whenever it is told.
 */
export const subscribeSchema = strictInput({
  lastEventId: text("lastEventId", { min: 1, max: limits.eventCursorLength, trim: false }).nullish(),
}).optional();
