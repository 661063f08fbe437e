import { Prisma } from "@lethe/db";
import { z } from "zod";
import { chatEventTypes } from "../types.ts";

/** The columns of an event, in the words of `eventRow`. */
export const eventColumns = Prisma.sql`
  event.tenant_id, event.xid, event.id, event.type, event.chat_id, event.seq, event.deletion_id, event.job_id,
  event.at`;

const common = {
  tenant_id: z.string(),
  xid: z.bigint(),
  id: z.bigint(),
  at: z.date(),
};
const chat_id = z.string();

/** A row of the outbox: what happened to which chat, without content. */
export const eventRow = z.discriminatedUnion("type", [
  z.object({ ...common, chat_id, type: z.enum(chatEventTypes) }),
  z.object({ ...common, chat_id, type: z.literal("message.created"), seq: z.int() }),
  z.object({
    ...common,
    chat_id,
    type: z.enum(["chat.deleted", "deletion.erased"]),
    deletion_id: z.string(),
  }),
  z.object({ ...common, type: z.literal("deletion_job.finished"), job_id: z.string() }),
]);
export type EventRow = z.infer<typeof eventRow>;
