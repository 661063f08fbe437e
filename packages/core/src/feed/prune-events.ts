import type { Database } from "@lethe/db";

/** How long events are kept for subscribers that come back, in milliseconds. */
export const keepMs = 24 * 3_600_000;

/** What webhooks have not been told of waits for them, but no longer than this; milliseconds. */
const waitMs = 7 * 24 * 3_600_000;

const batchSize = 1_000;
const maxBatches = 20;
/** The advisory lock of pruning: "lethe" and "prune" on a telephone keypad. */
const lockKeys = { lethe: 53_843, prune: 77_863 };

/**
 * Removes events that are older than a day from the front of the outbox, a bounded number at a time, unless
 * they have still to be turned into deliveries of webhooks. Answers how many. One process does it at a time; the others answer 0.
 */
export async function pruneEvents(db: Database): Promise<number> {
  let pruned = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const removed = await pruneBatch(db);
    pruned += removed;
    if (removed < batchSize) break;
  }
  return pruned;
}

/** Only a prefix goes: an old event behind a younger one stays until that has gone too. */
function pruneBatch(db: Database): Promise<number> {
  return db.$executeRaw`
    WITH turn AS MATERIALIZED (
      SELECT pg_try_advisory_xact_lock(${lockKeys.lethe}::integer, ${lockKeys.prune}::integer) AS mine
    ),
    front AS (
      SELECT tenant_id, xid, id,
        bool_and(
          at < clock_timestamp() - ${keepMs}::integer * interval '1 millisecond' AND (
            coalesce((xid, id) <= (told.told_xid, told.told_id), true)
            OR at < clock_timestamp() - ${waitMs}::integer * interval '1 millisecond'
          )
        ) OVER (ORDER BY xid, id) AS old
      FROM (SELECT * FROM event ORDER BY xid, id LIMIT ${batchSize}::integer) AS first
      LEFT JOIN (SELECT xid, event_id FROM webhook_position) AS told(told_xid, told_id) ON true
    )
    DELETE FROM event
    USING front, turn
    WHERE turn.mine AND front.old
      AND event.tenant_id = front.tenant_id AND event.xid = front.xid AND event.id = front.id`;
}
