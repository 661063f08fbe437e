import { Prisma } from "@lethe/db";
import { z } from "zod";

/** The columns of an event, in the words of `eventRow`. */
export const eventColumns = Prisma.sql`
  event.tenant_id, event.xid, event.id, event.type, event.chat_id, event.seq, event.deletion_id, event.at`;

const common = {
  tenant_id: z.string(),
  xid: z.bigint(),
  id: z.bigint(),
  chat_id: z.string(),
  at: z.date(),
};

/** A row of the outbox: what happened to which chat, without content. */
export const eventRow = z.discriminatedUnion("type", [
  z.object({ ...common, type: z.enum(["chat.created", "chat.updated"]) }),
  z.object({ ...common, type: z.literal("message.created"), seq: z.int() }),
  z.object({ ...common, type: z.literal("chat.deleted"), deletion_id: z.string() }),
]);
export type EventRow = z.infer<typeof eventRow>;
