import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { DeletionRecord } from "../types.ts";

/** The columns of the ledger for a SELECT. */
export const deletionColumns = Prisma.sql`
  id, chat_id, deleted_at, erased_at, message_count, actor_kind, actor_id, via, forced, export_checksum`;

/** Rows of `deletionColumns`, read as lines of the ledger. */
export const deletionRows = z.array(
  z
    .object({
      id: z.string(),
      chat_id: z.string(),
      deleted_at: z.date(),
      erased_at: z.date().nullable(),
      message_count: z.int(),
      actor_kind: z.string(),
      actor_id: z.string(),
      via: z.string(),
      forced: z.boolean(),
      export_checksum: z.string().nullable(),
    })
    .transform(
      (row): DeletionRecord => ({
        id: row.id,
        chatId: row.chat_id,
        deletedAt: row.deleted_at,
        erasedAt: row.erased_at,
        state: row.erased_at === null ? "pending" : "erased",
        messageCount: row.message_count,
        actor: { kind: row.actor_kind, id: row.actor_id },
        via: row.via,
        forced: row.forced,
        exportChecksum: row.export_checksum,
      }),
    ),
);
