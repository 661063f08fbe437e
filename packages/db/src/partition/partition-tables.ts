import { connectionError, DatabaseSetupError, errorCode, errorMessage } from "../connection-error.ts";
import { withMigrationLock } from "../migrate/migration-lock.ts";
import { Session } from "../session/session.ts";
import { readTenantTables, type TenantTable } from "./read-tables.ts";
import { turnOffPruning } from "./turn-off-pruning.ts";

/** Each is a lock of every transaction that touches a table: PostgreSQL has some 6,400 by default, for all sessions. */
export const MOST_PARTITIONS = 64;

const LOCK_TIMEOUT_MS = 10_000;
const MIGRATION_WAIT_MS = 60_000;
const LOCK_NOT_AVAILABLE = "55P03";
const DEADLOCK = "40P01";
const OUT_OF_LOCKS = "53200";
const NOT_PRIVILEGED = "42501";

/** Where the whole tables are while their rows are copied. */
const FORMER = "lethe_whole";

/**
 * Makes every table of tenants one that is partitioned by hash of the tenant, with the same columns, keys, indexes,
 * triggers, statistics and rights, and takes its rows along: all of them in one transaction. Those that are partitioned
 * already stay as they are. What is made is read from the catalogue, so it is what the migrations have made.
 *
 * @param partitions how many of each table, 2 to 64
 * @returns the names of the tables that it has partitioned
 * Throws DatabaseSetupError: `unreachable`, `refused`, `timed_out`, `partitioned` where there are another number.
 */
export const partitionTables = async ({
  url,
  partitions,
  log = () => {},
  lockTimeoutMs = LOCK_TIMEOUT_MS,
}: {
  url: string;
  partitions: number;
  log?: (message: string) => void;
  /** How long whoever uses one of the tables is waited for; milliseconds, default 10000. */
  lockTimeoutMs?: number;
}): Promise<string[]> => {
  const client = await connect(url, lockTimeoutMs);
  try {
    return await withMigrationLock(client, MIGRATION_WAIT_MS, async () => {
      const tables = await readTenantTables(client);
      refuseOtherNumber(tables, partitions);
      const whole = tables.filter((table) => table.partitions === 0);
      if (whole.length === 0) return [];
      log(`Partitioning ${whole.map(({ name }) => name).join(", ")}`);
      await client.query("BEGIN");
      try {
        await rebuild(client, whole, partitions);
        await turnOffPruning(client);
        await client.query("COMMIT");
      } catch (error) {
        await client.query("ROLLBACK").catch(() => {});
        throw explain(error, partitions);
      }
      return whole.map(({ name }) => name);
    });
  } finally {
    await client.end().catch(() => {});
  }
};

const connect = async (url: string, lockTimeoutMs: number): Promise<Session> => {
  const client = new Session({
    url,
    applicationName: "lethe partition",
    plans: "any",
    // Copying takes as long as there are rows.
    statementTimeoutMs: 0,
    lockTimeoutMs,
  });
  try {
    return await client.connect();
  } catch (error) {
    throw connectionError(url, error);
  }
};

const refuseOtherNumber = (tables: readonly TenantTable[], partitions: number) => {
  const other = tables.find((table) => table.partitions !== 0 && table.partitions !== partitions);
  if (other === undefined) return;
  throw new DatabaseSetupError(
    "partitioned",
    `The tables have ${other.partitions} partitions each, not ${partitions}. Say ${other.partitions} to partition what a ` +
      "newer version has added; for another number bring the rows into a new database (pg_dump --data-only).",
  );
};

const explain = (error: unknown, partitions: number): unknown => {
  const code = errorCode(error);
  const cause = { cause: error };
  if (code === LOCK_NOT_AVAILABLE || code === DEADLOCK)
    return new DatabaseSetupError(
      "timed_out",
      "Somebody has the tables open. Stop all servers on this database, then start again; nothing was changed.",
      cause,
    );
  if (code === OUT_OF_LOCKS)
    return new DatabaseSetupError(
      "refused",
      `PostgreSQL has no room for so many locks: set its max_locks_per_transaction to ${10 * partitions} or more and restart it, ` +
        "or have fewer partitions; nothing was changed.",
      cause,
    );
  if (code === NOT_PRIVILEGED)
    return new DatabaseSetupError(
      "refused",
      `Lethe's user may not do this: ${errorMessage(error)}. Run it as the role that owns the tables and the database; ` +
        "nothing was changed.",
      cause,
    );
  return error;
};

const rebuild = async (client: Session, tables: readonly TenantTable[], partitions: number) => {
  const run = async (statements: Iterable<string>) => {
    for (const statement of statements) await client.query(statement);
  };
  const quoted = tables.map((table) => ({ ...table, id: client.escapeIdentifier(table.name) }));
  await client.query(`LOCK TABLE ${quoted.map(({ id }) => `public.${id}`).join(", ")}`);
  await run(new Set(quoted.flatMap(({ releases }) => releases)));
  await client.query(`CREATE SCHEMA ${FORMER}`);
  for (const table of quoted) {
    // Its keys and indexes go with it, so that their names are free.
    await run([
      `ALTER TABLE public.${table.id} SET SCHEMA ${FORMER}`,
      `CREATE TABLE public.${table.id} (LIKE ${FORMER}.${table.id} INCLUDING ALL EXCLUDING INDEXES)
         PARTITION BY HASH (tenant_id)`,
      ...partitionsOf(client, table, partitions),
      ...table.sequences.flatMap(({ name, column }) => [
        `ALTER SEQUENCE ${FORMER}.${name} OWNED BY NONE`,
        `ALTER SEQUENCE ${FORMER}.${name} SET SCHEMA public`,
        `ALTER SEQUENCE public.${name} OWNED BY public.${table.id}.${column}`,
      ]),
      `INSERT INTO public.${table.id} (${table.columns}) SELECT ${table.columns} FROM ${FORMER}.${table.id}`,
      `DROP TABLE ${FORMER}.${table.id}`,
      // After the partitions are there: a new one would not have the statistics of the table.
      ...table.makings,
      // A search names the partition, so the rights are on each as on the table.
      ...[table.name, ...partitionNames(table, partitions)].flatMap((name) => rightsTo(client, name, table)),
    ]);
  }
  await run(new Set(quoted.flatMap(({ references }) => references)));
  await client.query(`DROP SCHEMA ${FORMER}`);
};

const partitionNames = ({ name }: TenantTable, partitions: number): string[] =>
  Array.from({ length: partitions }, (_, remainder) => `${name}_p${remainder}`);

const partitionsOf = (client: Session, table: TenantTable, partitions: number): string[] =>
  partitionNames(table, partitions).map((name, remainder) => {
    const storage = table.options.length === 0 ? "" : ` WITH (${table.options.join(", ")})`;
    return `CREATE TABLE public.${client.escapeIdentifier(name)}
      PARTITION OF public.${client.escapeIdentifier(table.name)}
      FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${remainder})${storage}`;
  });

const rightsTo = (client: Session, name: string, { owner, grants }: TenantTable): string[] => [
  `ALTER TABLE public.${client.escapeIdentifier(name)} OWNER TO ${owner}`,
  ...grants.map(
    ({ privilege, to }) => `GRANT ${privilege} ON public.${client.escapeIdentifier(name)} TO ${to}`,
  ),
];
