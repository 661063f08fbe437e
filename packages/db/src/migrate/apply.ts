import { errorCode, errorMessage } from "../error-code.ts";
import { DatabaseSetupError } from "../setup-error.ts";
import { withConnection } from "../with-connection.ts";
import { type Migration, migrationsFolder } from "./read-migrations.ts";
import { type RunScript, withSchemaEngine } from "./with-schema-engine.ts";

const SCRIPT_TIMEOUT_MS = 600_000;

/**
 * Marks the migration as applied in the transaction that applies it. So a record without
 * `finished_at` always means that nothing of its script remains, and that it may simply run again.
 */
const MARK = `
;UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL`;

/**
 * Applies what is pending, as `prisma migrate deploy` does, and returns the names.
 *
 * Throws DatabaseSetupError `migration_failed`; the migration that failed has changed nothing, those
 * before it stay applied.
 */
export const applyMigrations = async (url: string, migrations: Migration[]): Promise<string[]> => {
  let failed: { name: string; error: unknown } | undefined;
  const runScript: RunScript = async (script) => {
    const migration = migrations.find(({ sql }) => sql === script);
    try {
      await withConnection(url, (client) => client.query(migration === undefined ? script : script + MARK), {
        timeoutMs: SCRIPT_TIMEOUT_MS,
      });
    } catch (error) {
      failed = { name: migration?.name ?? "_prisma_migrations", error };
      throw error;
    }
  };
  try {
    const { appliedMigrationNames } = await withSchemaEngine(url, runScript, (engine) =>
      engine.applyMigrations(input(migrations)),
    );
    return appliedMigrationNames;
  } catch (error) {
    throw explain(failed?.name, failed?.error ?? error);
  }
};

const input = (migrations: Migration[]) => ({
  migrationsList: {
    baseDir: migrationsFolder,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"' },
    shadowDbInitScript: "",
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sql } },
    })),
  },
  filters: { externalTables: [], externalEnums: [] },
});

const explain = (name: string | undefined, error: unknown) => {
  const code = errorCode(error);
  const advice =
    code === "42501"
      ? "Lethe's user needs the right to create tables: make it the owner of the database, or GRANT CREATE ON SCHEMA public to it."
      : "Nothing of it was applied. Put right what the message says, then start again.";
  return new DatabaseSetupError(
    "migration_failed",
    `The migration${name === undefined ? "" : ` ${name}`} failed: ${errorMessage(error)}` +
      `${code === undefined ? "" : ` (SQLSTATE ${code})`}. ${advice}`,
    { cause: error },
  );
};
