import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { findPostgres15, openEmbedded } from "@lethe/db/testing";
import pg from "pg";

/** The embedded one, and the oldest that Lethe supports, which has the same settings here. */
export const postgresNames = ["embedded", "15"] as const;
export type PostgresName = (typeof postgresNames)[number];

/** The one PostgreSQL that serves every system. */
export type Postgres = {
  name: PostgresName;
  /** Its postmaster. */
  pid: number;
  version: string;
  /** Creates a database and connects to it. */
  create: (name: string) => Promise<BenchDatabase>;
  close: () => Promise<void>;
};

/** Starts a PostgreSQL with the settings of the embedded one, fully durable, in a folder of its own. */
export async function startPostgres(name: PostgresName, folder: string): Promise<Postgres> {
  const dataDir = join(folder, "postgres");
  const older = name === "15" ? await findPostgres15() : null;
  if (older && "missing" in older) throw new Error(older.missing);
  const server = await openEmbedded({ dataDir, ...older });
  const admin = await connectDatabase(server.url);
  const [settings] = await admin.run(
    "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit, current_setting('server_version') AS version",
  );
  if (settings?.fsync !== "on" || settings.commit !== "on") throw new Error("PostgreSQL is not durable");
  const pid = Number((await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8")).split("\n")[0]);
  const created: BenchDatabase[] = [admin];
  return {
    name,
    pid,
    version: String(settings.version).replace(/ .*/, ""),
    create: async (database) => {
      await admin.run(`CREATE DATABASE ${database}`);
      const url = new URL(server.url);
      url.pathname = `/${database}`;
      const connected = await connectDatabase(url.href);
      created.push(connected);
      return connected;
    },
    close: async () => {
      for (const database of created) await database.close();
      await server.close();
    },
  };
}

/** One database of the PostgreSQL under test, seen by the bench itself. */
export type BenchDatabase = {
  url: string;
  /** Runs a statement without a time limit and answers its rows. */
  run: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** The one number that a statement answers. */
  number: (sql: string, values?: unknown[]) => Promise<number>;
  /** Brings statistics and visibility up to date and writes everything out: the state each measurement begins in. */
  settle: () => Promise<void>;
  close: () => Promise<void>;
};

/** Connects to a database. */
async function connectDatabase(url: string): Promise<BenchDatabase> {
  const client = new pg.Client({ connectionString: url, application_name: "lethe bench" });
  await client.connect();
  const run = async (sql: string, values: unknown[] = []) => {
    const { rows } = await client.query<Record<string, unknown>>(sql, values);
    return rows;
  };
  return {
    url,
    run,
    number: async (sql, values) => {
      const [row] = await run(sql, values);
      return Number(Object.values(row ?? {})[0]);
    },
    settle: async () => {
      await run("VACUUM (ANALYZE)");
      await run("CHECKPOINT");
    },
    close: () => client.end(),
  };
}
