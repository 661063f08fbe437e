import { seedDemo } from "@lethe/core";
import { createClient, migrate, openDatabase } from "@lethe/db";
import type { Environment } from "@lethe/environment";
import type { Logger } from "pino";

/** A database that is ready for any number of web processes. */
export type PreparedDatabase = {
  /** A secret: never print it. */
  url: string;
  /** Whether the demo tenant is offered. */
  demo: boolean;
  /** Stops an embedded database if nobody else uses it. */
  close: () => Promise<void>;
};

/**
 * Starts or reaches the database, brings it up to date and seeds the demo where it is asked for.
 *
 * @throws DatabaseSetupError with what to do about it; then nothing is left running
 */
export async function prepareDatabase(
  { databaseUrl, dataDir, demo }: Environment,
  log: Logger,
): Promise<PreparedDatabase> {
  const say = (message: string) => log.info(message);
  const database = await openDatabase({ databaseUrl, dataDir, log: say });
  try {
    await migrate({ url: database.url, log: say });
    return { url: database.url, demo: demo && (await offerDemo(database.url)), close: database.close };
  } catch (error) {
    await database
      .close()
      .catch((failure: unknown) => log.error({ err: failure }, "Stopping after a failed start"));
    throw error;
  }
}

async function offerDemo(url: string): Promise<boolean> {
  const db = createClient({ url, poolSize: 1 });
  try {
    return (await seedDemo(db)) !== "in_use";
  } finally {
    await db.$disconnect();
  }
}
