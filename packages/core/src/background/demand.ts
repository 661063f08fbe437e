import type { Database } from "@lethe/db";
import { z } from "zod";

/** How much of the database's time others want just now, from `least` to 1. */
export type Demand = () => Promise<number>;

/** What is left to others that nobody has seen: the loop of events, the disk, and whoever comes next. */
const least = 0.1;
/**
 * Others who are at work in one look of twenty want all that they can get: each look is but a moment, and a caller's call
 * takes few milliseconds. Who deletes fifty chats a second is seen as rarely.
 */
const factor = 20;
/** What the last look counts for beside those before it. */
const weight = 0.05;

const rows = z.tuple([z.object({ busy: z.boolean() })]);

/**
 * Looks, whenever it is asked, whether another session of this database is at work, whichever process or program it
 * belongs to, and answers by what it saw in the last twenty looks or so. It begins as if everybody wanted the database, and
 * a database that does not answer is left alone.
 */
export function watchDemand(db: Database): Demand {
  let seen = 1 / factor;
  return async () => {
    const busy = await isBusy(db).catch(() => true);
    seen += weight * ((busy ? 1 : 0) - seen);
    return Math.min(1, Math.max(least, seen * factor));
  };
}

async function isBusy(db: Database): Promise<boolean> {
  const answer = await db.$queryRaw`
    SELECT EXISTS (
      SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()
        -- Of sessions of other roles this one may not be told; they count as at work.
        AND (state IS NULL AND usesysid IS NOT NULL
          OR backend_type = 'client backend' AND state IN ('active', 'disabled'))
    ) AS busy`;
  return rows.parse(answer)[0].busy;
}
