import { createClient, type Database, openDatabase } from "@lethe/db";

type Opened = { db: Database; close: () => Promise<void> };
/** The connection of this worker: opened at its first use, shared by all its tests. */
let opened: Promise<Opened> | undefined;

/** Runs something on the database of the server under test, where only time could bring about what a test needs. */
export async function withDatabase<Result>(run: (db: Database) => Promise<Result>): Promise<Result> {
  opened ??= open();
  return run((await opened).db);
}

/** Ends the connection, if there is one. */
export async function closeDatabase(): Promise<void> {
  await (await opened)?.close();
  opened = undefined;
}

async function open(): Promise<Opened> {
  const dataDir = process.env.LETHE_E2E_DATA_DIR;
  if (!dataDir)
    throw new Error("LETHE_E2E_DATA_DIR is not set: run the specs through Playwright's global setup");
  const database = await openDatabase({ dataDir });
  const db = createClient({ url: database.url, poolSize: 1 });
  return {
    db,
    close: async () => {
      await db.$disconnect();
      await database.close();
    },
  };
}
