import { openEmbedded } from "./embedded/open-embedded.ts";

export type OpenedDatabase = {
  url: string;
  embedded: boolean;
  /** The data folder of an embedded database; absolute. */
  dataDir?: string;
  close(): Promise<void>;
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
}: {
  databaseUrl?: string | undefined;
  dataDir: string;
  log?: (message: string) => void;
}): Promise<OpenedDatabase> => {
  if (databaseUrl !== undefined) {
    return { url: databaseUrl, embedded: false, close: async () => {} };
  }
  const server = await openEmbedded({ dataDir, ...(log && { log }) });
  return { ...server, embedded: true };
};
