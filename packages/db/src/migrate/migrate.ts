import { z } from "zod";
import { connectionError, DatabaseSetupError } from "../connection-error.ts";
import { turnOffPruning } from "../partition/turn-off-pruning.ts";
import { Session } from "../session/session.ts";
import { withConnection } from "../with-connection.ts";
import { applyMigrations } from "./apply.ts";
import { withMigrationLock } from "./migration-lock.ts";
import { migrationState } from "./migration-state.ts";
import { readMigrations } from "./read-migrations.ts";

const OLDEST_MAJOR = 15;
const LOCK_WAIT_MS = 300_000;
const SCRIPT_TIMEOUT_MS = 600_000;

/**
 * Brings a database to the schema of this version and tells what was applied. Any number of instances
 * may call it at once: one migrates, the others wait for it. Costs a few queries when there is
 * nothing to do. The record is `_prisma_migrations`, as `prisma migrate` keeps it.
 *
 * Throws DatabaseSetupError: `unreachable`, `refused`, `server_too_old`, `newer_database`,
 * `migration_failed`, `timed_out`.
 */
export const migrate = async ({
  url,
  log = () => {},
}: {
  url: string;
  log?: (message: string) => void;
}): Promise<{ applied: string[] }> => {
  const client = await connect(url);
  try {
    await refuseOldServer(client);
    const applied = await applyPending(url, client, log);
    // At each start: the server may be a newer one than last time.
    await turnOffPruning(client);
    return { applied };
  } finally {
    await client.end().catch(() => {});
  }
};

const applyPending = async (
  url: string,
  client: Session,
  log: (message: string) => void,
): Promise<string[]> => {
  const migrations = await readMigrations();
  const before = await migrationState(client, migrations);
  if (before.edited.length > 0) {
    log(
      `${before.edited.join(", ")}: the file was edited after it was applied to this database, so the two may ` +
        "differ. Put the change into a new migration, or start with an empty database.",
    );
  }
  if (before.pending.length === 0) return [];
  return await withMigrationLock(client, LOCK_WAIT_MS, async () => {
    const { pending, interrupted } = await migrationState(client, migrations);
    if (interrupted) {
      log("An earlier migration was cut off or failed; it is run again");
      await client.query(
        "UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL",
      );
    }
    if (pending.length === 0) return [];
    log(`Migrating the database: ${pending.map(({ name }) => name).join(", ")}`);
    return await applyMigrations(url, client, pending);
  });
};

const connect = async (url: string): Promise<Session> => {
  const client = new Session({
    url,
    applicationName: "lethe migrate",
    plans: "any",
    statementTimeoutMs: SCRIPT_TIMEOUT_MS,
    lockTimeoutMs: SCRIPT_TIMEOUT_MS,
  });
  try {
    return await client.connect();
  } catch (error) {
    throw connectionError(url, error);
  }
};

const refuseOldServer = async (client: Session) => {
  const { rows } = await client.query("SHOW server_version_num");
  const [{ server_version_num: version }] = z
    .tuple([z.object({ server_version_num: z.coerce.number() })])
    .parse(rows);
  const major = Math.floor(version / 10_000);
  if (major >= OLDEST_MAJOR) return;
  throw new DatabaseSetupError(
    "server_too_old",
    `The database server is PostgreSQL ${major}; Lethe needs ${OLDEST_MAJOR} or newer. ` +
      "Upgrade it, or point DATABASE_URL to a newer one.",
  );
};

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
      return { pending: pending.map(({ name }) => name), edited };
    });
  } catch (error) {
    throw error instanceof DatabaseSetupError ? error : connectionError(url, error);
  }
};
