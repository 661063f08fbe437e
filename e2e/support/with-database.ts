import { createClient, type Database, openDatabase } from "@lethe/db";

/** Runs something on the database of the server under test, where only time could bring about what a test needs. */
export async function withDatabase(run: (db: Database) => Promise<unknown>): Promise<void> {
  const database = await openDatabase({ dataDir: process.env.LETHE_E2E_DATA_DIR ?? "" });
  const db = createClient({ url: database.url, poolSize: 1 });
  try {
    await run(db);
  } finally {
    await db.$disconnect();
    await database.close();
  }
}
