import { type Database, Prisma } from "@lethe/db";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { Turn, TurnEnd } from "../background/task-module.ts";
import { atMost } from "../cache-options.ts";
import { retryingDeadlocks } from "../database-error.ts";
import { inOrder } from "../in-order.ts";
import { lockedDays, purgeAt } from "./purge-at.ts";

const batchSize = 1_000;

/** A chat in a tenant's trash, in the order in which they were put there. */
const placeSchema = z.object({ trashedAt: z.date(), id: z.string() });
type Place = z.infer<typeof placeSchema>;
const beginning: Place = { trashedAt: new Date(0), id: "00000000-0000-0000-0000-000000000000" };
const last: Place = {
  trashedAt: new Date("9999-12-31T00:00:00Z"),
  id: "ffffffff-ffff-ffff-ffff-ffffffffffff",
};

/**
 * Recomputes `purge_at` of the next chats of a tenant's trash by the days of now. What is right already is only
 * read, so that whoever begins anew after a crash soon is where the other was. Answers where the next call is to
 * begin, or null at the end; and whether nothing was left because somebody else has locked it.
 *
 * Chats that come into the trash meanwhile have the right time from the start.
 */
export async function recomputePurges(
  db: Database,
  tenantId: string,
  after: Place,
): Promise<{ next: Place | null; complete: boolean }> {
  const next = await findEnd(db, tenantId, after);
  return { next, complete: await recomputeBetween(db, tenantId, after, next ?? last) };
}

/** The last chat of the batch after `after`; null if there are fewer. */
async function findEnd(db: Database, tenantId: string, after: Place): Promise<Place | null> {
  const rows = await db.$queryRaw`
    SELECT trashed_at AS "trashedAt", id
    FROM chat ${inOrder}
    WHERE tenant_id = ${tenantId}::uuid AND trashed_at IS NOT NULL
      AND (trashed_at, id) > (${after.trashedAt}::timestamptz, ${after.id}::uuid)
    ORDER BY trashed_at, id
    OFFSET ${batchSize - 1}::integer
    LIMIT 1`;
  return z.array(placeSchema).parse(rows)[0] ?? null;
}

const completeRows = z.tuple([z.object({ complete: z.boolean() })]);

/** Locks what is wrong and nobody else has locked. What is right already is not locked. Answers whether that was all. */
async function recomputeBetween(db: Database, tenantId: string, after: Place, end: Place): Promise<boolean> {
  const days = Prisma.sql`(SELECT days FROM tenant)`;
  const wrong = Prisma.sql`
    tenant_id = ${tenantId}::uuid AND trashed_at IS NOT NULL AND EXISTS (SELECT FROM tenant)
    AND (trashed_at, id) > (${after.trashedAt}::timestamptz, ${after.id}::uuid)
    AND (trashed_at, id) <= (${end.trashedAt}::timestamptz, ${end.id}::uuid)
    AND purge_at IS DISTINCT FROM ${purgeAt(Prisma.sql`trashed_at`, days)}`;
  const rows = await retryingDeadlocks(
    () => db.$queryRaw`
      WITH ${lockedDays(tenantId)},
      locked_chat AS MATERIALIZED (
        SELECT tenant_id, ctid AS place FROM chat WHERE ${wrong} FOR NO KEY UPDATE SKIP LOCKED
      ),
      recomputed AS (
        UPDATE chat SET purge_at = ${purgeAt(Prisma.sql`trashed_at`, days)} FROM locked_chat
        WHERE chat.tenant_id = locked_chat.tenant_id AND chat.ctid = locked_chat.place
        RETURNING 1
      )
      SELECT EXISTS (SELECT FROM tenant)
        AND (SELECT count(*) FROM recomputed) = (SELECT count(*) FROM chat WHERE ${wrong}) AS complete`,
  );
  return completeRows.parse(rows)[0].complete;
}

/** Tenants whose place is remembered. Whoever has none begins anew, and only reads what is right already. */
const remembered = atMost(1_000);
const staleRows = z.array(z.object({ since: z.date() }));

/**
 * Carries out a change of `trash_retention_days` for what lies in the trash, batch by batch until the tenant's turn
 * is over. That there is something to do stands in the tenant's own row, written with the change, so that no crash
 * loses it; several processes may do it at once. A change that comes meanwhile has another time, and is carried out
 * anew.
 */
export function createSettingsTask({ db }: { db: Database }) {
  const progress = new LRUCache<string, { since: number; place: Place; complete: boolean }>(remembered);
  return async (tenantId: string, turn: Turn): Promise<TurnEnd> => {
    const rows = await db.$queryRaw`
      SELECT purge_stale_since AS since FROM tenant
      WHERE tenant_id = ${tenantId}::uuid AND purge_stale_since IS NOT NULL`;
    const since = staleRows.parse(rows)[0]?.since;
    if (since === undefined) return { more: false };
    const known = progress.get(tenantId);
    let { place, complete } = known?.since === Number(since) ? known : { place: beginning, complete: true };
    for (;;) {
      const begun = performance.now();
      const batch = await recomputePurges(db, tenantId, place);
      complete &&= batch.complete;
      await turn.rest(performance.now() - begun);
      if (batch.next === null) break;
      place = batch.next;
      progress.set(tenantId, { since: Number(since), place, complete });
      if (turn.isOver()) return { more: true };
    }
    progress.delete(tenantId);
    // What somebody else has locked is looked for again later.
    if (!complete) return { more: false, blocked: true };
    const settled = await db.$executeRaw`
      UPDATE tenant SET purge_stale_since = NULL
      WHERE tenant_id = ${tenantId}::uuid AND purge_stale_since = ${since}::timestamptz`;
    return { more: settled === 0 };
  };
}
