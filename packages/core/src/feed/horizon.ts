import type { Database } from "@lethe/db";
import { z } from "zod";
import { parseSnapshot } from "./position.ts";

/** A transaction that has written something, anywhere in the database cluster, and is not over. */
const openTransaction = z.object({
  /** The last 32 bits of its number, which is all that PostgreSQL's views show. */
  xid: z.bigint().transform(Number),
  /** For how long it has been open; milliseconds, null where the server does not tell us. */
  ageMs: z.number().nullable(),
  /** Its process; null for a prepared transaction. */
  pid: z.int().nullable(),
  database: z.string().nullable(),
  application: z.string().nullable(),
});
export type OpenTransaction = z.infer<typeof openTransaction>;

/**
 * The transactions that are open, oldest number first: the first of them holds the horizon, behind which vacuum removes
 * what is dead. The age of other users' transactions is told to members of `pg_read_all_stats` only.
 */
export async function readOpenTransactions(db: Pick<Database, "$queryRaw">): Promise<OpenTransaction[]> {
  const found = await db.$queryRaw`
    SELECT open.xid::text::bigint AS xid, open.pid, open.database::text, open.application,
      extract(epoch FROM clock_timestamp() - open.since)::float8 * 1000 AS "ageMs"
    FROM (
      SELECT backend_xid, pid, datname, application_name, xact_start FROM pg_stat_activity
      UNION ALL
      SELECT transaction, NULL, database, gid, prepared FROM pg_prepared_xacts
    ) AS open(xid, pid, database, application, since)
    WHERE open.xid IS NOT NULL
    ORDER BY age(open.xid) DESC`;
  return z.array(openTransaction).parse(found);
}

/** Knows for how long each open transaction has been there, from the snapshots of a reader, at no cost of its own. */
export class HorizonWatch {
  #since: ReadonlyMap<number, number>;

  /** @param open those that are there already */
  constructor(open: readonly OpenTransaction[]) {
    const now = performance.now();
    this.#since = new Map(open.map(({ xid, ageMs }) => [xid, now - (ageMs ?? 0)]));
  }

  /** Takes note of a snapshot, as PostgreSQL writes it. */
  note(snapshot: string): void {
    const now = performance.now();
    const { end, underWay } = parseSnapshot(snapshot);
    // A snapshot does not say of the latest whether they are under way.
    const latest = [...this.#since.keys()].filter((xid) => BigInt.asIntN(32, BigInt(xid) - end) >= 0n);
    const open = [...underWay.map((xid) => Number(BigInt.asUintN(32, xid))), ...latest];
    this.#since = new Map(open.map((xid) => [xid, this.#since.get(xid) ?? now]));
  }

  /** Age of the oldest transaction that is open, the one that holds the horizon back; seconds, 0: none is. */
  lagSeconds(): number {
    const oldest = Math.min(...this.#since.values());
    return Number.isFinite(oldest) ? (performance.now() - oldest) / 1_000 : 0;
  }
}
