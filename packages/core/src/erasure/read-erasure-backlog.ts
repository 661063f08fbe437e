import type { Database } from "@lethe/db";
import { z } from "zod";

/** What is still to be erased, in all tenants. */
const backlogSchema = z.object({
  /** Deleted chats whose transcript is not erased yet. */
  pending: z.int(),
  /** The age of the oldest of these deletions, by the database's clock; milliseconds. */
  oldestMs: z.number().nullable(),
  /** Messages that are left of them. */
  messages: z.coerce.number(),
});
export type ErasureBacklog = z.infer<typeof backlogSchema>;

/** How much is still to be erased. Its cost grows with what is pending, not with the ledger. */
export async function readErasureBacklog(db: Database): Promise<ErasureBacklog> {
  const rows = await db.$queryRaw`
    SELECT count(*)::integer AS pending,
      (extract(epoch FROM clock_timestamp() - min(deletion.deleted_at)) * 1000)::float8 AS "oldestMs",
      coalesce(sum(greatest(deletion.message_count - coalesce(transcript.erased_seq, 0), 0)), 0) AS messages
    FROM deletion
    LEFT JOIN transcript
      ON transcript.tenant_id = deletion.tenant_id AND transcript.chat_id = deletion.chat_id
    WHERE deletion.erased_at IS NULL`;
  return z.tuple([backlogSchema]).parse(rows)[0];
}
