import type { Database } from "@lethe/db";
import { z } from "zod";
import type { TenantId } from "../context.ts";
import { type EventRow, eventColumns, eventRow } from "./event-row.ts";
import type { Position } from "./position.ts";

const place = z.object({ xid: z.bigint(), id: z.bigint() });
const horizonRows = z.tuple([z.object({ horizon: z.bigint() })]);
const batchRow = z.looseObject({ horizon: z.bigint(), pending: z.boolean(), id: z.bigint().nullable() });
const batchRows = z.tuple([batchRow]).rest(batchRow);

export type EventBatch = {
  /** All transactions before this one are over: what they wrote is in the batch or was there before. */
  horizon: bigint;
  /** Whether events can be seen that must wait for a transaction before theirs. */
  pending: boolean;
  /** Where the last row of the batch stands, known type or not. */
  last: Position | undefined;
  /** Whether the batch was cut at its limit. */
  full: boolean;
  rows: EventRow[];
};

/** The transaction before which everything is decided (pg_snapshot_xmin of this moment). */
export async function readHorizon(db: Database): Promise<bigint> {
  const rows = await db.$queryRaw`
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon`;
  return horizonRows.parse(rows)[0].horizon;
}

/**
 * The next events of all tenants after a position, in commit-safe order: none at or above the horizon,
 * because a transaction with a lower number could still commit and would be skipped.
 *
 * Events from the future (a dump that was restored on a younger server) are not waited for.
 */
export async function readBatch(
  db: Pick<Database, "$queryRaw">,
  after: Position,
  limit: number,
): Promise<EventBatch> {
  const found = await db.$queryRaw`
    WITH snapshot AS MATERIALIZED (
      SELECT pg_snapshot_xmin(now)::text::bigint AS horizon, pg_snapshot_xmax(now)::text::bigint AS ceiling
      FROM pg_current_snapshot() AS now
    ),
    waiting AS MATERIALIZED (
      SELECT EXISTS (
        SELECT FROM event WHERE event.xid >= snapshot.horizon AND event.xid < snapshot.ceiling
      ) AS pending
      FROM snapshot
    )
    SELECT snapshot.horizon, waiting.pending, batch.*
    FROM snapshot
    CROSS JOIN waiting
    LEFT JOIN LATERAL (
      SELECT ${eventColumns}
      FROM event
      WHERE (event.xid, event.id) > (${after.xid}::bigint, ${after.id}::bigint) AND event.xid < snapshot.horizon
      ORDER BY event.xid, event.id
      LIMIT ${limit}::integer
    ) AS batch ON true
    ORDER BY batch.xid, batch.id`;
  const [first, ...others] = batchRows.parse(found);
  const events = [first, ...others].filter((row) => row.id !== null);
  const last = events.at(-1);
  return {
    horizon: first.horizon,
    pending: first.pending,
    last: last === undefined ? undefined : place.parse(last),
    full: events.length >= limit,
    rows: knownEvents(events),
  };
}

/**
 * A tenant's events after one position up to and including another, oldest first. The comparisons name
 * the whole primary key, so that a quiet tenant's events are not searched for among everybody's.
 */
export async function readTenantEvents(
  db: Database,
  tenantId: TenantId,
  range: { after: Position; until: Position; limit: number },
): Promise<{ rows: EventRow[]; last: Position | undefined; full: boolean }> {
  const found = await db.$queryRaw`
    SELECT ${eventColumns}
    FROM event
    WHERE event.tenant_id = ${tenantId}::uuid
      AND (event.tenant_id, event.xid, event.id)
        > (${tenantId}::uuid, ${range.after.xid}::bigint, ${range.after.id}::bigint)
      AND (event.tenant_id, event.xid, event.id)
        <= (${tenantId}::uuid, ${range.until.xid}::bigint, ${range.until.id}::bigint)
    ORDER BY event.tenant_id, event.xid, event.id
    LIMIT ${range.limit}::integer`;
  const events = z.array(z.unknown()).parse(found);
  const last = events.at(-1);
  return {
    rows: knownEvents(events),
    last: last === undefined ? undefined : place.parse(last),
    full: events.length >= range.limit,
  };
}

/** Types that a newer version of the program writes are passed over. */
function knownEvents(rows: unknown[]): EventRow[] {
  return rows.flatMap((row) => {
    const known = eventRow.safeParse(row);
    return known.success ? [known.data] : [];
  });
}
