import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { errorMessage } from "../connection-error.ts";
import { keepConnected } from "../keep-connected.ts";
import { type Binaries, bundledBinaries } from "./binaries.ts";
import { checkVersion, dataFolderAt, explainFolderError, prepareDataFolder } from "./data-folder.ts";
import { ensureRunning, stopServer } from "./ensure-running.ts";
import {
  connectUsage,
  findRunning,
  isUsedByOthers,
  readPostmaster,
  type Server,
  serverUrl,
  servesCluster,
  usageName,
} from "./find-running.ts";
import { withStartLock } from "./folder-lock.ts";
import { chooseIdentity } from "./identity.ts";
import { initializeCluster, readOrCreatePassword } from "./initialize.ts";

type EmbeddedOptions = {
  dataDir: string;
  log?: (message: string) => void;
  /** PostgreSQL settings on top of the defaults, such as `{ fsync: "off" }` for throw-away data. */
  settings?: Record<string, string>;
  /** The PostgreSQL to run; default: the one that npm installed. */
  binaries?: Binaries;
  /** Ends the start early, by throwing its reason; then nothing is left running that was not there before. */
  signal?: AbortSignal;
};

type Embedded = { url: string; dataDir: string; close(hurry?: AbortSignal): Promise<void> };

/**
 * Starts the PostgreSQL of a data folder, or joins the one that runs there already, and keeps it
 * running: a server that dies under its users is started again on the same port.
 *
 * `close` (any number of times) stops the server if no other process uses it: the last one out turns
 * off the light, at once if `hurry` is aborted. Throws DatabaseSetupError with what to do about it.
 */
export const openEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const { dataDir, log = () => {}, settings = {}, binaries = bundledBinaries(), signal } = options;
  const folder = await prepareDataFolder(dataDir);
  const name = usageName();

  const prepare = async (): Promise<Server> => {
    const identity = await chooseIdentity(folder, binaries);
    const major = await checkVersion(folder, identity, binaries);
    const password = await readOrCreatePassword(folder);
    const server = { folder, binaries, major, identity, password, settings, log };
    await initializeCluster(server);
    return server;
  };

  let known: { server: Server; url: string; port: number } | undefined;
  const join = (closing: AbortSignal) =>
    withStartLock(folder, async () => {
      const server = known?.server ?? (await prepare());
      // A server that went away may recover for minutes: whoever leaves meanwhile does not wait for it.
      const unwanted = known === undefined ? signal : closing;
      const port = await ensureRunning(server, { fixedPort: known?.port, signal: unwanted });
      known = { server, url: serverUrl(server, port), port };
      return connectUsage(known.url, name);
    });

  const usage = await keepConnected(join, (error) => {
    log(`The embedded PostgreSQL went away (${errorMessage(error)}); reaching for it again`);
  }).catch((error: unknown) => {
    throw explainFolderError(folder.root, error);
  });
  if (known === undefined) throw new Error("joined without a server");
  const { server, url } = known;

  const leave = async (hurry?: AbortSignal) => {
    await usage.close();
    await withStartLock(folder, async () => {
      const running = await findRunning(server);
      if (running.state === "none") return;
      if (running.state === "ready" && (await isUsedByOthers(url, name))) return;
      await stopServer(server, hurry);
    });
  };
  let left: Promise<void> | undefined;
  return {
    url,
    dataDir: folder.root,
    close: (hurry) => {
      left ??= leave(hurry);
      return left;
    },
  };
};

/** An embedded database as seen from outside; `dataDir` is absolute. */
export type EmbeddedState = { dataDir: string } & (
  | { state: "absent" | "stopped" }
  | { state: "running"; pid: number; port: number | undefined }
);

/** Tells whether a data folder holds a database and whether it runs. Looks only: starts and changes nothing. */
export const inspectEmbedded = async (dataDir: string): Promise<EmbeddedState> => {
  const asked = resolve(dataDir);
  const root = await realpath(asked).catch(() => asked);
  const folder = dataFolderAt(root);
  const exists = await stat(folder.cluster).then(
    () => true,
    () => false,
  );
  if (!exists) return { dataDir: root, state: "absent" };
  const written = await readPostmaster(folder);
  if (written === undefined || !(await servesCluster(folder, written.pid))) {
    return { dataDir: root, state: "stopped" };
  }
  return { dataDir: root, state: "running", ...written };
};
