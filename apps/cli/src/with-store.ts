import type { Database } from "@lethe/db";
import { CommandError, exitCodes, note } from "./output.ts";

/**
 * The database that the environment names, ready to be used; `directUrl` leads to it past any pooler. `signal` tells that
 * the operator pressed Ctrl-C.
 */
export type Store = { db: Database; directUrl: string; signal: AbortSignal };

/**
 * Opens the database, brings it up to date and hands it to `use`. An embedded one that does not run is
 * started for the time of the command, and stopped again unless others use it by then.
 *
 * What speaks to a database is loaded here and not before: help and wrong calls have no need of it.
 */
export async function withStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result> {
  const { readEnvironment } = await import("@lethe/environment");
  const { databaseUrl, databaseDirectUrl, dataDir } = readEnvironment();
  const { createClient, migrate, openDatabase } = await import("@lethe/db");
  const interruption = new AbortController();
  // The first Ctrl-C ends in good order, the second at once: no handler is left for it.
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const opened = await openDatabase({ databaseUrl, databaseDirectUrl, dataDir, log: note });
  try {
    await migrate({ url: opened.directUrl, log: note });
    const db = createClient({ ...opened, poolSize: 2, applicationName: "lethe cli" });
    try {
      const result = await use({ db, directUrl: opened.directUrl, signal: interruption.signal });
      if (interruption.signal.aborted) throw new CommandError("Interrupted.", exitCodes.interrupted);
      return result;
    } finally {
      await db.$disconnect();
    }
  } finally {
    await opened.close();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
