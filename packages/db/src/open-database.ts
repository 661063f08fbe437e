import { openEmbedded } from "./embedded/open-embedded.ts";

export type OpenedDatabase = {
  url: string;
  embedded: boolean;
  /** The data folder of an embedded database; absolute. */
  dataDir?: string;
  /** Stops an embedded database if nobody else uses it; at once when `hurry` is aborted. */
  close(hurry?: AbortSignal): Promise<void>;
};

/**
 * The database to use: the one at `databaseUrl` when there is one (it is not contacted), else an
 * embedded PostgreSQL in `dataDir`, created, started or joined.
 *
 * Throws DatabaseSetupError with what to do about it.
 */
export const openDatabase = async ({
  databaseUrl,
  dataDir,
  log,
  signal,
}: {
  databaseUrl?: string | undefined;
  dataDir: string;
  log?: (message: string) => void;
  /** Ends the start of an embedded database early, by throwing its reason; then nothing is left running. */
  signal?: AbortSignal;
}): Promise<OpenedDatabase> => {
  if (databaseUrl !== undefined) {
    return { url: databaseUrl, embedded: false, close: async () => {} };
  }
  const server = await openEmbedded({ dataDir, ...(log && { log }), ...(signal && { signal }) });
  return { ...server, embedded: true };
};
