import { connectionError } from "../connection-error.ts";
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
    const { pending, edited } = await withConnection(url, (client) => migrationState(client, migrations));
    return { pending: pending.map(({ name }) => name), edited };
  } catch (error) {
    throw error instanceof DatabaseSetupError ? error : connectionError(url, error);
  }
};
