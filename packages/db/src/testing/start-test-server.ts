import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Binaries } from "../embedded/binaries.ts";
import { openEmbedded } from "../embedded/open-embedded.ts";
import { migrate } from "../migrate/migrate.ts";
import { withConnection } from "../with-connection.ts";
import { spawnReaper } from "./reaper.ts";

/** The database that test databases are copies of; migrated, and closed to connections. */
export const TEMPLATE = "lethe_template";

export type TestServer = {
  /** A superuser's URL; pass it to `createTestDatabase`. */
  url: string;
  stop(): Promise<void>;
};

/**
 * Starts a real PostgreSQL with throw-away data in a temporary folder and migrates the template.
 *
 * `stop` removes it all; so does the end of this process, in whatever way it comes.
 */
export const startTestServer = async ({ binaries }: { binaries?: Binaries } = {}): Promise<TestServer> => {
  const folder = await mkdtemp(join(tmpdir(), "lethe-test-"));
  const remove = spawnReaper(folder, folder);
  const server = await openEmbedded({
    dataDir: folder,
    settings: {
      fsync: "off",
      full_page_writes: "off",
      max_connections: "400",
      max_wal_size: "4GB",
      shared_buffers: "128MB",
    },
    ...(binaries && { binaries }),
  }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const stop = async () => {
    await server.close();
    await remove();
  };
  try {
    await withConnection(server.url, (client) => client.query(`CREATE DATABASE ${TEMPLATE}`));
    await migrate({ url: databaseUrl(server.url, TEMPLATE) });
    await withConnection(server.url, (client) =>
      client.query(`ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS false`),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: server.url, stop };
};

/** The same server, another database. */
export const databaseUrl = (serverUrl: string, database: string): string => {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
};
