import { seedDemo } from "@lethe/core";
import { createClient, type DatabaseAddress, migrate, openDatabase, retryConnecting } from "@lethe/db";
import type { Environment } from "@lethe/environment";
import type { Logger } from "pino";

/** A database that is ready for any number of web processes. */
export type PreparedDatabase = {
  /** A secret: never print it. */
  address: DatabaseAddress;
  /** Whether the demo tenant is offered. */
  demo: boolean;
  /** Stops an embedded database if nobody else uses it; at once when `hurry` is aborted. */
  close: (hurry?: AbortSignal) => Promise<void>;
};

/**
 * Starts or reaches the database, brings it up to date and seeds the demo where it is asked for.
 *
 * @param stopping ends it early, by throwing
 * @throws DatabaseSetupError with what to do about it; then nothing is left running
 */
export async function prepareDatabase(
  { databaseUrl, databaseDirectUrl, dataDir, demo }: Environment,
  log: Logger,
  stopping: AbortSignal,
): Promise<PreparedDatabase> {
  const say = (message: string) => log.info(message);
  const database = await openDatabase({
    databaseUrl,
    databaseDirectUrl,
    dataDir,
    log: say,
    signal: stopping,
  });
  const { url, directUrl, pooling, close } = database;
  try {
    // A migration that is cut off is undone by the server, and made again at the next start.
    await unlessAborted(
      stopping,
      retryConnecting({ url: directUrl, log: say, signal: stopping }, () =>
        migrate({ url: directUrl, log: say }),
      ),
    );
    return { address: { url, directUrl, pooling }, demo: demo && (await offerDemo(directUrl)), close };
  } catch (error) {
    await close().catch((failure: unknown) => log.error({ err: failure }, "Stopping after a failed start"));
    throw error;
  }
}

async function unlessAborted(signal: AbortSignal, work: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
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
