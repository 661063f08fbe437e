import type { Database } from "@lethe/db";
import { z } from "zod";
import { parseSnapshot } from "./snapshot.ts";

/** A transaction that has written something, anywhere in the database cluster, and is not over. */
export type OpenTransaction = {
  xid: bigint;
  /** For how long it has been open; milliseconds, null where the server does not tell us. */
  ageMs: number | null;
  /** Its process; null for a prepared transaction. */
  pid: number | null;
  database: string | null;
  application: string | null;
};

const rows = z.array(
  z
    .object({
      xid: z.bigint(),
      age_ms: z.number().nullable(),
      pid: z.int().nullable(),
      database: z.string().nullable(),
      application: z.string().nullable(),
    })
    .transform(({ age_ms: ageMs, ...row }): OpenTransaction => ({ ...row, ageMs })),
);

/**
 * The transactions that are under way, oldest number first: the first of them holds the horizon. Other users'
 * transactions have an age for members of `pg_read_all_stats` only.
 */
export async function readOpenTransactions(db: Pick<Database, "$queryRaw">): Promise<OpenTransaction[]> {
  const found = await db.$queryRaw`
    SELECT open.xid::text::bigint AS xid, activity.pid,
      coalesce(activity.datname, prepared.database)::text AS database, activity.application_name AS application,
      extract(epoch FROM clock_timestamp() - coalesce(activity.xact_start, prepared.prepared))::float8 * 1000 AS age_ms
    FROM pg_snapshot_xip(pg_current_snapshot()) AS open(xid)
    LEFT JOIN pg_stat_activity AS activity ON activity.backend_xid = open.xid::xid
    LEFT JOIN pg_prepared_xacts AS prepared ON prepared.transaction = open.xid::xid
    ORDER BY open.xid`;
  return rows.parse(found);
}

/** Knows for how long each open transaction has been there, from the snapshots of a reader, at no cost of its own. */
export class HorizonWatch {
  #since: ReadonlyMap<bigint, number>;

  /** @param open those that are there already */
  constructor(open: readonly OpenTransaction[]) {
    const now = performance.now();
    this.#since = new Map(open.map(({ xid, ageMs }) => [xid, now - (ageMs ?? 0)]));
  }

  /** Takes note of a snapshot, as PostgreSQL writes it. */
  note(snapshot: string): void {
    const now = performance.now();
    const { underWay } = parseSnapshot(snapshot);
    this.#since = new Map(underWay.map((xid) => [xid, this.#since.get(xid) ?? now]));
  }

  /** Age of the oldest transaction that is open, the one that holds the horizon back; seconds, 0: none is. */
  lagSeconds(): number {
    const oldest = Math.min(...this.#since.values());
    return Number.isFinite(oldest) ? (performance.now() - oldest) / 1_000 : 0;
  }
}
