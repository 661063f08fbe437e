import type { Database } from "@lethe/db";
import { z } from "zod";

export type Looked = { rows: number; pages: number };
const lookedRows = z.tuple([z.object({ rows: z.int(), pages: z.int() })]);

/** Rows and pages of tables and indexes that everybody has looked at since the database was made. */
async function lookedAt(watcher: Database): Promise<Looked> {
  const found = await watcher.$queryRaw`
    SELECT
      (SELECT sum(seq_tup_read) FROM pg_stat_user_tables)::integer
        + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)::integer AS rows,
      (
        SELECT sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0))
        FROM pg_statio_user_tables
      )::integer AS pages`;
  return lookedRows.parse(found)[0];
}

/** Has a session tell what it has looked at; it does so once a second otherwise. */
export const flush = (session: Pick<Database, "$queryRaw">) =>
  session.$queryRaw`SELECT pg_stat_force_next_flush()::text`;

/**
 * Rows and pages that are looked at while something is done. Whoever else is connected is to be at rest.
 *
 * @param flushAll has every session tell that takes part
 */
export async function lookedAtDuring(
  watcher: Database,
  work: () => Promise<unknown>,
  flushAll: () => Promise<unknown>,
): Promise<Looked> {
  await flush(watcher);
  await flushAll();
  const before = await lookedAt(watcher);
  await work();
  await flushAll();
  const after = await lookedAt(watcher);
  return { rows: after.rows - before.rows, pages: after.pages - before.pages };
}
