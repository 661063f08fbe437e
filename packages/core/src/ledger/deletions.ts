import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { Context } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { LetheError } from "../errors.ts";
import { inOrder } from "../in-order.ts";
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

/** Which lines are meant: those that meet every criterion that is given. */
export type LedgerFilter = {
  /** Only those whose transcript is still being erased, or only those that are done. */
  state?: DeletionRecord["state"] | undefined;
  /** The line of this chat: there is one at most. */
  chatId?: string | undefined;
  /** What this actor has deleted. */
  actorId?: string | undefined;
  /** Strictly after, strictly before. */
  deletedAfter?: Date | undefined;
  deletedBefore?: Date | undefined;
};

export type ListDeletions = LedgerFilter & {
  /** Lines on the page, 1 to `limits.pageSize`. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
};

const states = { pending: Prisma.sql`AND erased_at IS NULL`, erased: Prisma.sql`AND erased_at IS NOT NULL` };

/** A page of a tenant's ledger, newest deletion first. Throws BAD_REQUEST for a cursor that is none. */
export async function listDeletions(
  ctx: Context,
  { limit, cursor, ...filter }: ListDeletions,
): Promise<Page<DeletionRecord>> {
  const size = Math.min(limit, limits.pageSize);
  const rows = await ctx.db.$queryRaw`
    SELECT ${deletionColumns} FROM deletion ${filter.chatId === undefined ? inOrder : Prisma.empty}
    WHERE tenant_id = ${ctx.tenantId}::uuid ${andMatches(filter, cursor)}
    ORDER BY ${filter.actorId === undefined ? Prisma.empty : Prisma.sql`actor_id DESC,`} deleted_at DESC, id DESC
    LIMIT ${size + 1}::integer`;
  const deletions = deletionRows.parse(rows);
  const items = deletions.slice(0, size);
  const last = items.at(-1);
  const more = deletions.length > size && last !== undefined;
  return { items, nextCursor: more ? encodeCursor([last.deletedAt.getTime(), last.id]) : null };
}

/** A moment, and a deletion of that moment. */
type Place = { at: Date; id: string };
const first: Place = { at: new Date(0), id: "00000000-0000-0000-0000-000000000000" };
const last: Place = {
  at: new Date("9999-12-31T23:59:59.999Z"),
  id: "ffffffff-ffff-ffff-ffff-ffffffffffff",
};

/** The filter, and that a line stands behind a cursor, as the end of a WHERE clause. */
function andMatches(filter: LedgerFilter, cursor: string | null | undefined): Prisma.Sql {
  const { state, chatId, actorId, deletedAfter, deletedBefore } = filter;
  const after: Place = { at: deletedAfter ?? first.at, id: last.id };
  const before: Place = { at: deletedBefore ?? last.at, id: first.id };
  // The range of one actor has two ends, whatever else is asked.
  const isRange = actorId !== undefined;
  const parts = [
    ...(state ? [states[state]] : []),
    ...(chatId === undefined ? [] : [Prisma.sql`AND chat_id = ${chatId}::uuid`]),
    ...(deletedAfter || isRange ? [isBeyond(">", after, actorId)] : []),
    ...(deletedBefore || isRange ? [isBeyond("<", before, actorId)] : []),
    ...(cursor ? [isBeyond("<", placeOf(cursor), actorId)] : []),
  ];
  return parts.length === 0 ? Prisma.empty : Prisma.join(parts, " ");
}

/**
 * That a line stands strictly after or before a place. What one actor has deleted is a range of the index that begins with
 * actors, and is sorted by it: as an equality beside the order of the list, PostgreSQL may think it better to read the whole
 * ledger from its end for somebody who has deleted little.
 */
function isBeyond(side: "<" | ">", { at, id }: Place, actorId: string | undefined): Prisma.Sql {
  const comparison = Prisma.raw(side);
  return actorId === undefined
    ? Prisma.sql`AND (deleted_at, id) ${comparison} (${at}::timestamptz, ${id}::uuid)`
    : Prisma.sql`AND (actor_id, deleted_at, id) ${comparison} (${actorId}, ${at}::timestamptz, ${id}::uuid)`;
}

function placeOf(cursor: string): Place {
  const [deletedAt, id] = decodeCursor(cursor, place);
  return { at: new Date(deletedAt), id };
}
