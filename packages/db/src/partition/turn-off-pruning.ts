import { z } from "zod";
import { DatabaseSetupError, errorCode } from "../connection-error.ts";
import { withMigrationLock } from "../migrate/migration-lock.ts";
import type { Session } from "../session/session.ts";

const LOCK_WAIT_MS = 60_000;
const NOT_PRIVILEGED = "42501";

/** Answers the statement that is missing, or no row. What was set for the database counts, not what this session has of it. */
const MISSING = `
  SELECT format('ALTER DATABASE %I SET enable_partition_pruning = off', current_database()) AS statement
  WHERE current_setting('server_version_num')::integer >= 180000
    AND EXISTS (SELECT FROM pg_partitioned_table WHERE partrelid = to_regclass('public.chat'))
    AND NOT EXISTS (
      SELECT FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase
      WHERE datname = current_database() AND setrole = 0 AND 'enable_partition_pruning=off' = ANY (setconfig)
    )`;

const missingRows = z.array(z.object({ statement: z.string() }));

/**
 * Has PostgreSQL 18 and newer look into all partitions, in every session that begins from now on. It may crash, with all of
 * its sessions, where one statement locks rows that others have just changed and finds partitions while it runs:
 * see docs/adr/0054-tables-partitioned-by-tenant.md. Does nothing for whole tables, for older servers, and where it is done.
 *
 * Throws DatabaseSetupError: `refused` where this role may not set it, `timed_out`.
 */
export const turnOffPruning = async (client: Session): Promise<void> => {
  if ((await readMissing(client)) === undefined) return;
  // Of two that set it at the same time PostgreSQL refuses one.
  await withMigrationLock(client, LOCK_WAIT_MS, async () => {
    const statement = await readMissing(client);
    if (statement !== undefined) await setIt(client, statement);
  });
};

const readMissing = async (client: Session): Promise<string | undefined> =>
  missingRows.parse((await client.query(MISSING)).rows)[0]?.statement;

const setIt = async (client: Session, statement: string): Promise<void> => {
  try {
    await client.query(statement);
  } catch (error) {
    if (errorCode(error) !== NOT_PRIVILEGED) throw error;
    throw new DatabaseSetupError(
      "refused",
      "PostgreSQL 18 may crash on partitioned tables unless it looks into all of them, and Lethe's user may not set that. " +
        `As the owner of the database run: ${statement}; then start again.`,
      { cause: error },
    );
  }
};
