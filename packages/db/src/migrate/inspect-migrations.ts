import { connectionError } from "../connection-error.ts";
import { areJobsMigrated, JOBS_MIGRATION } from "../jobs/migrate-jobs.ts";
import { DatabaseSetupError } from "../setup-error.ts";
import { withConnection } from "../with-connection.ts";
import { migrationState } from "./migration-state.ts";
import { readMigrations } from "./read-migrations.ts";

/** What `migrate` would find. */
export type MigrationReport = {
  /** Names of migrations that this version has and the database has not, in order. */
  pending: string[];
  /** Names of migrations whose file is no longer what was applied. */
  edited: string[];
};

/**
 * Compares a database with the migrations of this version. Looks only: changes nothing.
 *
 * Throws DatabaseSetupError: `unreachable`, `refused`, `newer_database`.
 */
export const inspectMigrations = async ({ url }: { url: string }): Promise<MigrationReport> => {
  const migrations = await readMigrations();
  try {
    return await withConnection(url, async (client) => {
      const { pending, edited } = await migrationState(client, migrations);
      const jobs = (await areJobsMigrated(client)) ? [] : [JOBS_MIGRATION];
      return { pending: [...pending.map(({ name }) => name), ...jobs], edited };
    });
  } catch (error) {
    throw error instanceof DatabaseSetupError ? error : connectionError(url, error);
  }
};
