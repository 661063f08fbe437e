import { DatabaseSetupError, errorCode, errorMessage } from "../connection-error.ts";
import type { Session } from "../session/session.ts";
import type { MigrationStep } from "./migration-state.ts";
import { migrationsFolder } from "./read-migrations.ts";
import { type RunScript, withSchemaEngine } from "./with-schema-engine.ts";

/**
 * Marks the migration as applied in the transaction that applies it. So a record without
 * `finished_at` always means that nothing of its script remains, and that it may simply run again.
 */
const MARK = `
;UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL`;

/**
 * Applies what is pending, as `prisma migrate deploy` does, and returns the names.
 *
 * The scripts run on `client`, the connection that holds the migration lock: should this process die,
 * the server goes on with a script for a while, and the lock stays taken until it is done.
 *
 * Throws DatabaseSetupError `migration_failed`; the migration that failed has changed nothing, those
 * before it stay applied.
 */
export const applyMigrations = async (
  url: string,
  client: Session,
  migrations: readonly MigrationStep[],
): Promise<string[]> => {
  let failed: { name: string; error: unknown } | undefined;
  // They are applied in their order. By their text alone two that say the same could not be told apart.
  const left = [...migrations];
  const runScript: RunScript = async (script) => {
    const migration = left[0]?.sql === script ? left.shift() : undefined;
    try {
      await client.query(migration === undefined ? script : migration.script + MARK);
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
    if (error instanceof DatabaseSetupError) throw error;
    throw explain(failed?.name, failed?.error ?? error);
  }
};

const input = (migrations: readonly MigrationStep[]) => ({
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
  const [said = ""] = errorMessage(error).split("\n");
  const code = errorCode(error);
  const advice =
    code === "P3005"
      ? "It holds tables that are not Lethe's. Give Lethe a database of its own (createdb lethe) and name it in DATABASE_URL."
      : said.includes("permission denied")
        ? "Lethe's user needs the right to create tables: make it the owner of the database, or GRANT CREATE ON SCHEMA public to it."
        : "Nothing of it was applied. Put right what the message says, then start again.";
  return new DatabaseSetupError(
    "migration_failed",
    `The migration${name === undefined ? "" : ` ${name}`} failed: ${said.replace(/\. Read more.*/, "")}` +
      `${code === undefined ? "" : ` (${code})`}. ${advice}`,
    { cause: error },
  );
};
