import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Binaries, bundledBinaries } from "../embedded/binaries.ts";
import { dataFolderAt } from "../embedded/data-folder.ts";
import { openEmbedded } from "../embedded/open-embedded.ts";
import { migrate } from "../migrate/migrate.ts";
import type { Session } from "../session/session.ts";
import { withConnection } from "../with-connection.ts";
import { spawnReaper } from "./reaper.ts";

/** The database that test databases are copies of; migrated, and closed to connections. */
export const TEMPLATE = "lethe_template";

/** How long a statement or a connection may take: tests ask for much at once, and others have the machine. */
export const TIMEOUT_MS = 120_000;

/** `withConnection`, on a busy machine too. */
export const withPatience = <T>(url: string, use: (client: Session) => Promise<T>): Promise<T> =>
  withConnection(url, use, { timeoutMs: TIMEOUT_MS });

export type TestServer = {
  /** A superuser's URL; pass it to `createTestDatabase`. */
  url: string;
  stop(): Promise<void>;
};

/**
 * Starts a real PostgreSQL with throw-away data in a temporary folder, with the migrated template.
 *
 * `stop` removes it all; so does the end of this process, in whatever way it comes.
 * @param options `copyOf`: a folder of `createSeed`, whose copy spares making and migrating a database
 */
export const startTestServer = async ({
  binaries,
  copyOf,
}: {
  binaries?: Binaries;
  copyOf?: string;
} = {}): Promise<TestServer> => {
  const folder = await mkdtemp(join(tmpdir(), "lethe-test-"));
  const remove = spawnReaper(folder, folder);
  try {
    if (copyOf !== undefined) await copyDataFolder(copyOf, folder);
    const server = await (copyOf === undefined ? openMigrated(folder, binaries) : open(folder, binaries));
    return {
      url: server.url,
      stop: async () => {
        await server.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
};

/**
 * A data folder for `copyDataFolder`: a database that was made as Lethe makes one, with the migrated template, and
 * stopped. It goes as a test server does.
 */
export const createSeed = async (): Promise<{ folder: string; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), "lethe-seed-"));
  const remove = spawnReaper(folder, folder);
  try {
    await (await openMigrated(folder)).close();
    // Copies are to have ports and logs of their own.
    const { port, log } = dataFolderAt(folder);
    await Promise.all([port, log].map((file) => rm(file, { force: true })));
    return { folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
};

/** Copies a data folder whose database is stopped, with whom its files belong to; `to` may exist. */
export const copyDataFolder = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { recursive: true });
  await promisify(execFile)("cp", ["-a", "--reflink=auto", `${from}/.`, to]);
};

const open = (dataDir: string, binaries = bundledBinaries()) =>
  openEmbedded({
    dataDir,
    settings: {
      fsync: "off",
      full_page_writes: "off",
      max_connections: "400",
      max_wal_size: "4GB",
      shared_buffers: "128MB",
    },
    binaries,
  });

const openMigrated = async (dataDir: string, binaries?: Binaries) => {
  const server = await open(dataDir, binaries);
  try {
    await withPatience(server.url, (client) => client.query(`CREATE DATABASE ${TEMPLATE}`));
    await migrate({ url: databaseUrl(server.url, TEMPLATE) });
    await withPatience(server.url, (client) =>
      client.query(`ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS false`),
    );
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
};

/** The same server, another database. */
export const databaseUrl = (serverUrl: string, database: string): string => {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
};
