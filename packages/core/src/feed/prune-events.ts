import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { milliseconds } from "../clock.ts";

/** How long events are kept for subscribers that come back, in milliseconds. */
export const keepMs = 24 * 3_600_000;

/** How long events wait for webhooks that have still to be told; milliseconds. */
const waitMs = 7 * 24 * 3_600_000;

const batchSize = 1_000;
const maxBatches = 20;
const counted = z.tuple([z.object({ count: z.int() })]);
/** The advisory lock of pruning: "lethe" and "prune" on a telephone keypad. */
const lockKeys = { lethe: 53_843, prune: 77_863 };

/**
 * Removes events that are older than a day, a bounded number at a time, unless they have still to be turned into
 * deliveries of webhooks. Answers how many. One process does it at a time; the others answer 0.
 *
 * @param before a snapshot, as PostgreSQL writes it, that every reader has come past: an event that was committed
 *   late is not removed before it could be read
 */
export async function pruneEvents(db: Database, before: string): Promise<number> {
  let pruned = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const removed = await pruneBatch(db, before);
    pruned += removed;
    if (removed < batchSize) break;
  }
  return pruned;
}

/**
 * Each event goes by its own time, whatever the others say. One that is dated far in the future goes with those that
 * were written after it. One that a dump has brought, with a transaction that this server has yet to come to, is
 * read by nobody. What has gone is remembered in the same transaction, as a snapshot that sees it, so that a reader
 * that has missed it notices.
 */
async function pruneBatch(db: Database, before: string): Promise<number> {
  const passedOn = Prisma.sql`coalesce((SELECT seen FROM webhook_position), ${before}::pg_snapshot)`;
  const nextXid = Prisma.sql`pg_snapshot_xmax(pg_current_snapshot())::text::bigint`;
  const oldest = (which: Prisma.Sql) => Prisma.sql`(
    SELECT event.tenant_id, event.xid, event.id
    FROM event
    WHERE ${which} AND (
      event.xid >= ${nextXid}
      OR pg_visible_in_snapshot(event.xid::text::xid8, ${before}::pg_snapshot) AND (
        pg_visible_in_snapshot(event.xid::text::xid8, ${passedOn}) OR event.at < now() - ${milliseconds(waitMs)}
      )
    )
    ORDER BY event.at
    LIMIT ${batchSize}::integer
  )`;
  const old = Prisma.sql`now() - ${milliseconds(keepMs)}`;
  const future = Prisma.sql`now() + ${milliseconds(keepMs)}`;
  const rows = await db.$queryRaw`
    WITH turn AS MATERIALIZED (
      SELECT pg_try_advisory_xact_lock(${lockKeys.lethe}::integer, ${lockKeys.prune}::integer) AS mine
    ),
    first_kept AS MATERIALIZED (
      SELECT id FROM event WHERE at >= ${old} AND at <= ${future} ORDER BY at LIMIT 1
    ),
    gone AS MATERIALIZED (
      ${oldest(Prisma.sql`event.at < ${old}`)}
      UNION ALL
      ${oldest(Prisma.sql`event.at > ${future} AND event.id < (SELECT id FROM first_kept)`)}
    ),
    removed AS (
      DELETE FROM event USING gone, turn
      WHERE turn.mine AND event.tenant_id = gone.tenant_id AND event.xid = gone.xid AND event.id = gone.id
      RETURNING event.xid
    ),
    remembered AS (
      UPDATE feed_state SET pruned = snapshot_of(
        greatest(pg_snapshot_xmax(pruned)::text::bigint, last.xid + 1), under_way(pg_current_snapshot())
      )
      FROM (SELECT max(xid) FROM removed WHERE xid < ${nextXid}) AS last(xid)
      WHERE last.xid IS NOT NULL
    )
    SELECT count(*)::integer FROM removed`;
  return counted.parse(rows)[0].count;
}
