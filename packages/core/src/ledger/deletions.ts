import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { Context } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { LetheError } from "../errors.ts";
import { limits } from "../limits.ts";
import type { DeletionRecord, Page } from "../types.ts";

/** The columns of the ledger for a SELECT. */
export const deletionColumns = Prisma.sql`
  id, chat_id AS "chatId", deleted_at AS "deletedAt", erased_at AS "erasedAt", message_count AS "messageCount",
  actor_kind AS "actorKind", actor_id AS "actorId", actor_name AS "actorName", via, forced, export_checksum AS "exportChecksum"`;

/** Rows of `deletionColumns`, read as lines of the ledger. */
export const deletionRows = z.array(
  z
    .object({
      id: z.string(),
      chatId: z.string(),
      deletedAt: z.date(),
      erasedAt: z.date().nullable(),
      messageCount: z.int(),
      actorKind: z.string(),
      actorId: z.string(),
      actorName: z.string().nullable(),
      via: z.string(),
      forced: z.boolean(),
      exportChecksum: z.string().nullable(),
    })
    .transform(
      ({ actorKind, actorId, actorName, ...row }): DeletionRecord => ({
        ...row,
        state: row.erasedAt === null ? "pending" : "erased",
        actor: { kind: actorKind, id: actorId, name: actorName },
      }),
    ),
);

/** One line of a tenant's ledger. Throws NOT_FOUND (deletion_not_found). */
export async function getDeletion(
  ctx: Context,
  { deletionId }: { deletionId: string },
): Promise<DeletionRecord> {
  const rows = await ctx.db.$queryRaw`
    SELECT ${deletionColumns} FROM deletion
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${deletionId}::uuid`;
  const [deletion] = deletionRows.parse(rows);
  if (deletion === undefined) throw new LetheError("NOT_FOUND", "deletion_not_found", "Deletion not found");
  return deletion;
}

/** `deleted_at` in milliseconds, which is all that the column holds, up to the year 9999; and the id. */
const place = z.tuple([z.int().min(0).max(253_402_300_799_999), z.guid()]);

export type ListDeletions = {
  /** Lines on the page, 1 to `limits.pageSize`. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
  /** Only those whose transcript is still being erased, or only those that are done; default: all. */
  state?: DeletionRecord["state"] | undefined;
};

const states = { pending: Prisma.sql`AND erased_at IS NULL`, erased: Prisma.sql`AND erased_at IS NOT NULL` };

/** A page of a tenant's ledger, newest deletion first. Throws BAD_REQUEST for a cursor that is none. */
export async function listDeletions(
  ctx: Context,
  { limit, cursor, state }: ListDeletions,
): Promise<Page<DeletionRecord>> {
  const size = Math.min(limit, limits.pageSize);
  const rows = await ctx.db.$queryRaw`
    SELECT ${deletionColumns} FROM deletion
    WHERE tenant_id = ${ctx.tenantId}::uuid
      ${state ? states[state] : Prisma.empty}
      ${cursor ? before(cursor) : Prisma.empty}
    ORDER BY deleted_at DESC, id DESC
    LIMIT ${size + 1}::integer`;
  const deletions = deletionRows.parse(rows);
  const items = deletions.slice(0, size);
  const last = items.at(-1);
  const more = deletions.length > size && last !== undefined;
  return { items, nextCursor: more ? encodeCursor([last.deletedAt.getTime(), last.id]) : null };
}

function before(cursor: string): Prisma.Sql {
  const [deletedAt, id] = decodeCursor(cursor, place);
  return Prisma.sql`AND (deleted_at, id) < (${new Date(deletedAt)}::timestamptz, ${id}::uuid)`;
}
