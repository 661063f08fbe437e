import { z } from "zod";
import { chatEventTypes } from "../types.ts";

const common = {
  tenant_id: z.string(),
  xid: z.bigint(),
  id: z.bigint(),
  at: z.date(),
  /** The snapshot of the statement that wrote it; null in those of old versions. */
  saw: z.string().nullable(),
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

/** The rows of known types: those that a newer version of the program writes are passed over. */
export function knownEvents(rows: readonly unknown[]): EventRow[] {
  return rows.flatMap((row) => {
    const known = eventRow.safeParse(row);
    return known.success ? [known.data] : [];
  });
}
