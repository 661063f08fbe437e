import { retryConnecting } from "./connection-error.ts";
import { openEmbedded } from "./embedded/open-embedded.ts";
import { type DatabaseAddress, findAddress } from "./session/pooling.ts";

export type OpenedDatabase = DatabaseAddress & {
  embedded: boolean;
  /** The data folder of an embedded database; absolute. */
  dataDir?: string;
  /** Stops an embedded database if nobody else uses it; at once when `hurry` is aborted. */
  close(hurry?: AbortSignal): Promise<void>;
};

/**
 * The database to use: the one at `databaseUrl` when there is one, with what needs a session of its own going to
 * `databaseDirectUrl` if that is given; else an embedded PostgreSQL in `dataDir`, created, started or joined.
 *
 * Throws DatabaseSetupError with what to do about it.
 */
export const openDatabase = async ({
  databaseUrl,
  databaseDirectUrl,
  dataDir,
  log = () => {},
  signal,
}: {
  databaseUrl?: string | undefined;
  databaseDirectUrl?: string | undefined;
  dataDir: string;
  log?: (message: string) => void;
  /** Ends the wait for a database, or the start of an embedded one, early, by throwing its reason; then nothing is left running. */
  signal?: AbortSignal;
}): Promise<OpenedDatabase> => {
  if (databaseUrl !== undefined) {
    const address = await retryConnecting({ url: databaseUrl, log, signal }, () =>
      findAddress(databaseUrl, databaseDirectUrl),
    );
    return { ...address, embedded: false, close: async () => {} };
  }
  const { url, dataDir: folder, close } = await openEmbedded({ dataDir, log, ...(signal && { signal }) });
  return { url, directUrl: url, pooling: "none", embedded: true, dataDir: folder, close };
};
