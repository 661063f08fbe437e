import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { retryingDeadlocks } from "../database-error.ts";
import { lockedDays, purgeAt } from "./purge-at.ts";

const batchSize = 1_000;

const placeRows = z.array(
  z
    .object({ trashed_at: z.date(), id: z.string() })
    .transform((row): Place => ({ trashedAt: row.trashed_at, id: row.id })),
);
/** A chat in a tenant's trash, in the order in which they were put there. */
export type Place = { trashedAt: Date; id: string };
export const beginning: Place = { trashedAt: new Date(0), id: "00000000-0000-0000-0000-000000000000" };
const last: Place = {
  trashedAt: new Date("9999-12-31T00:00:00Z"),
  id: "ffffffff-ffff-ffff-ffff-ffffffffffff",
};

/**
 * Reckons `purge_at` of the next chats of a tenant's trash anew, by the days of now. What is right already is only
 * read, so that whoever begins anew after a crash soon is where the other was. Answers where the next call is to
 * begin, or null at the end; and whether nothing was left because somebody else has locked it.
 *
 * Chats that come into the trash meanwhile have the right time from the start.
 */
export async function reckonPurges(
  db: Database,
  tenantId: string,
  after: Place,
): Promise<{ next: Place | null; complete: boolean }> {
  const next = await findEnd(db, tenantId, after);
  return { next, complete: await reckonBetween(db, tenantId, after, next ?? last) };
}

/** The last chat of the batch after `after`; null if there are fewer. */
async function findEnd(db: Database, tenantId: string, after: Place): Promise<Place | null> {
  const rows = await db.$queryRaw`
    SELECT trashed_at, id
    FROM chat
    WHERE tenant_id = ${tenantId}::uuid AND trashed_at IS NOT NULL
      AND (trashed_at, id) > (${after.trashedAt}::timestamptz, ${after.id}::uuid)
    ORDER BY trashed_at, id
    OFFSET ${batchSize - 1}::integer
    LIMIT 1`;
  return placeRows.parse(rows)[0] ?? null;
}

const completeRows = z.tuple([z.object({ complete: z.boolean() })]);

/** Locks what is wrong and nobody else has locked. What is right already is not locked. Answers whether that was all. */
async function reckonBetween(db: Database, tenantId: string, after: Place, end: Place): Promise<boolean> {
  const days = Prisma.sql`(SELECT days FROM tenant)`;
  const wrong = Prisma.sql`
    tenant_id = ${tenantId}::uuid AND trashed_at IS NOT NULL AND EXISTS (SELECT FROM tenant)
    AND (trashed_at, id) > (${after.trashedAt}::timestamptz, ${after.id}::uuid)
    AND (trashed_at, id) <= (${end.trashedAt}::timestamptz, ${end.id}::uuid)
    AND purge_at IS DISTINCT FROM ${purgeAt(Prisma.sql`trashed_at`, days)}`;
  const rows = await retryingDeadlocks(
    () => db.$queryRaw`
      WITH ${lockedDays(tenantId)},
      door AS MATERIALIZED (SELECT id FROM chat WHERE ${wrong} FOR NO KEY UPDATE SKIP LOCKED),
      reckoned AS (
        UPDATE chat
        SET purge_at = ${purgeAt(Prisma.sql`trashed_at`, days)}
        WHERE tenant_id = ${tenantId}::uuid AND id = ANY (ARRAY(SELECT id FROM door))
      )
      SELECT EXISTS (SELECT FROM tenant)
        AND (SELECT count(*) FROM door) = (SELECT count(*) FROM chat WHERE ${wrong}) AS complete`,
  );
  return completeRows.parse(rows)[0].complete;
}
