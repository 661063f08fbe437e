import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { lockedDays, purgeAt } from "./purge-at.ts";

const batchSize = 1_000;
/** More than any trash can hold. */
const mostBatches = 10_000_000;

const batchRows = z.tuple([
  z.object({ chats: z.int(), trashed_at: z.date().nullable(), id: z.string().nullable() }),
]);
type Place = { trashedAt: Date; id: string };
const start: Place = { trashedAt: new Date(0), id: "00000000-0000-0000-0000-000000000000" };

/**
 * Reckons `purge_at` of everything in a tenant's trash anew, by the days of now, batch by batch in the order in
 * which it was put there. What is right already is only read, so that whoever begins anew after a crash soon is
 * where the other was. Answers false if it was stopped before the end.
 *
 * Chats that come into the trash meanwhile have the right time from the start.
 */
export async function reckonPurges(
  db: Database,
  { tenantId, signal }: { tenantId: string; signal: AbortSignal },
): Promise<boolean> {
  let place: Place | null = start;
  for (let batch = 0; batch < mostBatches && place !== null; batch += 1) {
    if (signal.aborted) return false;
    place = await reckonBatch(db, tenantId, place);
  }
  return place === null;
}

/** The place of the last chat of the batch, null if there are none after it. */
async function reckonBatch(db: Database, tenantId: string, after: Place): Promise<Place | null> {
  const right = purgeAt(Prisma.sql`chat.trashed_at`, Prisma.sql`tenant.days`);
  const rows = await db.$queryRaw`
    WITH ${lockedDays(tenantId)},
    batch AS MATERIALIZED (
      SELECT id, trashed_at
      FROM chat
      WHERE tenant_id = ${tenantId}::uuid AND trashed_at IS NOT NULL
        AND (trashed_at, id) > (${after.trashedAt}::timestamptz, ${after.id}::uuid)
      ORDER BY trashed_at, id
      LIMIT ${batchSize}::integer
    ),
    door AS MATERIALIZED (
      SELECT chat.id
      FROM chat
      JOIN batch ON batch.id = chat.id
      CROSS JOIN tenant
      WHERE chat.tenant_id = ${tenantId}::uuid AND chat.purge_at IS DISTINCT FROM ${right}
      ORDER BY chat.id
      FOR NO KEY UPDATE OF chat
    ),
    reckoned AS (
      UPDATE chat
      SET purge_at = ${right}
      FROM door, tenant
      WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = door.id AND chat.trashed_at IS NOT NULL
    )
    SELECT count(*)::integer AS chats, max(trashed_at) AS trashed_at,
      (SELECT id FROM batch ORDER BY trashed_at DESC, id DESC LIMIT 1) AS id
    FROM batch`;
  const [{ chats, trashed_at, id }] = batchRows.parse(rows);
  return chats < batchSize || trashed_at === null || id === null ? null : { trashedAt: trashed_at, id };
}
