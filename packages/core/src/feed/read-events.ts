import { type Database, queryRows } from "@lethe/db";
import { z } from "zod";
import type { TenantId } from "../context.ts";
import { type EventRow, knownEvents } from "./events.ts";
import { type Position, writeSnapshot } from "./position.ts";

type Queries = Pick<Database, "$queryRaw">;

const rowId = z.bigint().nullable();
const unreadRow = z.looseObject({
  now: z.string(),
  reading: z.string(),
  epoch: z.string().nullable(),
  forgotten: z.boolean(),
  kept: z.boolean(),
  id: rowId,
});
const unreadRows = z.tuple([unreadRow]).rest(unreadRow);
const missedRow = z.looseObject({ kept: z.boolean(), id: rowId });
const missedRows = z.tuple([missedRow]).rest(missedRow);
const headRows = z.tuple([z.object({ seen: z.string(), epoch: z.string().nullable() })]);

export type Batch = {
  rows: EventRow[];
  /** What the reader has read behind the batch, as a snapshot, and whether there may be more to read now. */
  seen: string;
  more: boolean;
  /** Whether the batch has no row at all, of unknown types neither. */
  empty: boolean;
  /** The snapshot of this moment, as PostgreSQL writes it. */
  now: string;
  /** The life of the database server; null where it has no name yet. */
  epoch: string | null;
  /** Whether the server knows less than the reader: it was restored, or a stand-by took over that lagged. */
  forgotten: boolean;
  /** Whether nothing was pruned that the reader had not read. */
  kept: boolean;
};

/**
 * The next events of all tenants for a reader that has read all that a snapshot sees: what is committed now and was not
 * then, whoever else has a transaction open. In the order of their ids: within a chat that is the order of the commits,
 * because an event is written under the lock of its chat's row.
 *
 * @param batchSize about how many, where there are many; a transaction's are never parted
 */
export async function readUnread(db: Queries, seen: string, batchSize: number): Promise<Batch> {
  const found = await queryRows(db)`SELECT * FROM unread_events(${seen}::pg_snapshot, ${batchSize}::integer)`;
  const [first, ...others] = unreadRows.parse(found);
  const events = [first, ...others].filter((row) => row.id !== null);
  const { now, reading, epoch, forgotten, kept } = first;
  return {
    rows: knownEvents(events),
    seen: reading,
    more: reading !== now,
    empty: events.length === 0,
    now,
    epoch,
    forgotten,
    kept,
  };
}

/** Where a reader begins that follows events from now on, and in which life of the server. */
export type Head = { seen: string; epoch: string };

export async function readHead(db: Pick<Database, "$queryRaw" | "$executeRaw">): Promise<Head> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const found = await queryRows(db)`
      SELECT pg_current_snapshot()::text AS seen, (SELECT epoch FROM feed_epoch WHERE xmin = born::xid) AS epoch`;
    const [{ seen, epoch }] = headRows.parse(found);
    if (epoch !== null) return { seen, epoch };
    await beginEpoch(db);
  }
  throw new Error("The database server has no epoch, although one was begun: it keeps restarting");
}

/**
 * Tells all processes that listen on a channel that something has happened. Answers the head of this moment; null where this
 * life of the server has no name yet. It waits for no disk: what it tells of is there already.
 */
export async function notify(db: Queries, channel: string, payload: string): Promise<Head | null> {
  const found = await queryRows(db)`
    SELECT pg_current_snapshot()::text AS seen, (SELECT epoch FROM feed_epoch WHERE xmin = born::xid) AS epoch
    FROM set_config('synchronous_commit', 'off', true) AS set, pg_notify(${channel}, ${payload}) AS sent`;
  const [{ seen, epoch }] = headRows.parse(found);
  return epoch === null ? null : { seen, epoch };
}

/** Names this life of the server, unless somebody has. */
async function beginEpoch(db: Pick<Database, "$executeRaw">): Promise<void> {
  await db.$executeRaw`
    INSERT INTO feed_epoch DEFAULT VALUES
    ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, born = excluded.born
    WHERE feed_epoch.xmin <> feed_epoch.born::xid`;
}

/**
 * A tenant's events after `position` that a reader which has read all that `reader` sees will not deliver, oldest first. `kept` is false when some of it may be gone, `complete` when it is more than `most`.
 */
export async function readMissed(
  db: Queries,
  tenantId: TenantId,
  { position, reader, most }: { position: Position; reader: string; most: number },
): Promise<{ rows: EventRow[]; kept: boolean; complete: boolean }> {
  const { xid, id } = position.last ?? { xid: 0n, id: 0n };
  const found = await queryRows(db)`
    SELECT * FROM missed_events(
      ${tenantId}::uuid, ${writeSnapshot(position.seen)}::pg_snapshot, ${xid}::bigint, ${id}::bigint,
      ${reader}::pg_snapshot, ${most + 1}::integer
    )`;
  const [first, ...others] = missedRows.parse(found);
  const events = [first, ...others].filter((row) => row.id !== null);
  return { rows: knownEvents(events), kept: first.kept, complete: events.length <= most };
}
