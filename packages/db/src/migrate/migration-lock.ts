import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { DatabaseSetupError } from "../connection-error.ts";
import type { Session } from "../session/session.ts";

/** "lethe" in ASCII; the key of the advisory lock, one for each database. */
const KEY = 0x6c65746865;
const POLL_MS = 100;

/**
 * Runs `work` while no other instance migrates this database. The lock belongs to the session of
 * `client`, so it is gone when that is.
 *
 * It is polled for: a session that waits inside PostgreSQL would hold a snapshot and so could block
 * the very migration that it waits for. Throws DatabaseSetupError `timed_out` after `waitMs`.
 */
export const withMigrationLock = async <T>(
  client: Session,
  waitMs: number,
  work: () => Promise<T>,
): Promise<T> => {
  const begun = performance.now();
  while (!(await tryLock(client))) {
    if (performance.now() - begun > waitMs) {
      throw new DatabaseSetupError(
        "timed_out",
        `Another instance has been migrating the database for ${waitMs / 1000} seconds. ` +
          "Wait until it is ready, or look in pg_stat_activity for what holds it up; then start again.",
      );
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    // Where this fails the session is gone, and the lock with it.
    await client.query("SELECT pg_advisory_unlock($1)", [KEY]).catch(() => {});
  }
};

const tryLock = async (client: Session): Promise<boolean> => {
  const { rows } = await client.query("SELECT pg_try_advisory_lock($1) AS locked", [KEY]);
  return z.tuple([z.object({ locked: z.boolean() })]).parse(rows)[0].locked;
};
