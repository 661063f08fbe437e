import { z } from "zod";
import { DatabaseSetupError, errorMessage } from "../connection-error.ts";
import { createPool } from "../session/pool.ts";
import type { Session } from "../session/session.ts";
/** The last of the migrations that graphile-worker brings; a test holds it to the installed version. */
export const JOBS_REVISION = 20;
const SCRIPT_TIMEOUT_MS = 600_000;
/** The name under which `migrate` tells of them. */
export const JOBS_MIGRATION = "graphile_worker";

/** Whether the job queue's own tables, in the schema `graphile_worker`, are those that this version needs. */
export const areJobsMigrated = async (client: Session): Promise<boolean> => {
  const table = await client.query("SELECT to_regclass('graphile_worker.migrations') IS NOT NULL AS there");
  if (!z.tuple([z.object({ there: z.boolean() })]).parse(table.rows)[0].there) return false;
  const { rows } = await client.query("SELECT coalesce(max(id), 0) AS last FROM graphile_worker.migrations");
  return z.tuple([z.object({ last: z.number() })]).parse(rows)[0].last >= JOBS_REVISION;
};

/**
 * Brings the job queue's own tables up to date, with its own migrations: each is a transaction, and one
 * that was cut off is simply run again.
 *
 * Throws DatabaseSetupError `migration_failed`.
 */
export const migrateJobs = async (url: string): Promise<void> => {
  const { Logger, runMigrations } = await import("graphile-worker");
  const pool = createPool({
    url,
    size: 2,
    applicationName: "lethe migrate",
    plans: "any",
    statementTimeoutMs: SCRIPT_TIMEOUT_MS,
    lockTimeoutMs: SCRIPT_TIMEOUT_MS,
  });
  try {
    await runMigrations({ pgPool: pool, noHandleSignals: true, logger: new Logger(() => () => {}) });
  } catch (error) {
    throw new DatabaseSetupError(
      "migration_failed",
      `The job queue's tables could not be made: ${errorMessage(error)}. Lethe's user needs the right to ` +
        "create a schema: make it the owner of the database, or GRANT CREATE ON DATABASE to it; then start again.",
      { cause: error },
    );
  } finally {
    await pool.end();
  }
};
