import pg from "pg";

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
export async function connectDatabase(url: string): Promise<BenchDatabase> {
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
