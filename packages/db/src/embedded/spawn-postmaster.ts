import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile, rename, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { totalmem } from "node:os";
import { DatabaseSetupError } from "../connection-error.ts";
import { writeFileAtomic } from "../write-file-atomic.ts";
import { programEnvironment, run } from "./binaries.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Server } from "./find-running.ts";
import { pidFile } from "./find-running.ts";

/** How a server that was started ended, if it did. */
type SpawnedStatus = { state: "alive" } | { state: "served" } | { state: "ended"; output: string };

/** A server that was started. */
export type Spawned = {
  status: () => Promise<SpawnedStatus>;
  /** Ends it at once, in whatever state it is; what was committed is recovered at the next start. */
  kill: () => Promise<void>;
};

/** The exit code of `flock` when another holds the lock. */
const SERVED = 75;

/** PostgreSQL gives its own processes five seconds; milliseconds. */
const KILL_TIMEOUT_MS = 6_000;

/** Connections that the server takes: 64 web processes with 4 each, and others. */
export const embeddedMaxConnections = 300;

const mib = 1_024 * 1_024;
const smallest = 128;
const largest = 1_024;

/**
 * The memory in which the embedded PostgreSQL keeps pages, as its `shared_buffers`: an eighth of what this
 * process may use, from 128 MiB to 1 GiB. PostgreSQL recommends a quarter of a machine of its own; ours shares it.
 * What is not needed is not touched, and costs nothing.
 */
export function sharedBuffers(memory: number = usableMemory()): string {
  return `${Math.min(largest, Math.max(smallest, Math.floor(memory / 8 / mib)))}MB`;
}

const SETTINGS = {
  // The log must not keep what chats forget: no statements, no rows in the details of errors.
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",

  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: `${embeddedMaxConnections}`,
  shared_buffers: sharedBuffers(),
  max_wal_size: "1GB",
  log_line_prefix: "%m [%p] ",
  log_timezone: "UTC",
  timezone: "UTC",
};

/**
 * Starts the server in a session of its own, so that Ctrl-C at the terminal reaches Lethe only, and
 * returns a hold on it.
 *
 * Every process of the server inherits a lock on the cluster folder. It outlives Lethe and even the
 * postmaster, for as long as any of its backends lives, and it is seen from other containers, where
 * PostgreSQL's own PID file says nothing: two servers never share a folder.
 */
export const spawnPostmaster = async (server: Server, port: number): Promise<Spawned> => {
  const { folder, identity, binaries } = server;
  const lock = ["--nonblock", "--conflict-exit-code", `${SERVED}`, `${folder.cluster}/.`];

  // PostgreSQL refuses to start when the process id in a left-over file is somebody else's by now.
  const swept = await run(identity, ["flock", ...lock, "rm", "-f", pidFile(folder)], { timeoutMs: 10_000 });
  if (swept.code === SERVED) return { status: async () => ({ state: "served" }), kill: async () => {} };

  const logged = await rotateLog(folder);
  const log = await open(folder.log, "a", 0o600);
  // Root may work for the owner of the folder, who must be able to go on without root.
  if (identity.credentials !== undefined) {
    await log.chown(identity.credentials.uid, identity.credentials.gid);
  }
  const settings = Object.entries({ ...SETTINGS, port: `${port}`, ...server.settings });
  const options = settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const command = [...identity.prefix, binaries.postgres, "-D", folder.cluster, ...options];
  const child = spawn("flock", ["--no-fork", ...lock, ...command], {
    cwd: "/",
    detached: true,
    env: programEnvironment(),
    stdio: ["ignore", log.fd, log.fd],
    ...identity.credentials,
  });
  let failure: string | undefined;
  child.on("error", (error) => {
    failure = error.message;
  });
  child.unref();
  await log.close();

  const isAlive = () => failure === undefined && child.exitCode === null && child.signalCode === null;
  return {
    status: async () => {
      if (failure !== undefined) return { state: "ended", output: failure };
      if (isAlive()) return { state: "alive" };
      if (child.exitCode === SERVED) return { state: "served" };
      return { state: "ended", output: await readLogFrom(folder, logged) };
    },
    kill: async () => {
      if (!isAlive()) return;
      const gone = once(child, "exit", { signal: AbortSignal.timeout(KILL_TIMEOUT_MS) });
      // PostgreSQL's "immediate" shutdown; `flock`, which it is at first, dies of it too.
      child.kill("SIGQUIT");
      await gone.catch(() => child.kill("SIGKILL"));
    },
  };
};

/** Bytes of the machine, or of the container if that is given less. */
function usableMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
}

/** The port to try first: the one that this folder had last if it is free, else any free one. */
export const choosePort = async (folder: DataFolder): Promise<number> => {
  const last = Number.parseInt(await readFile(folder.port, "utf8").catch(() => ""), 10);
  const remembered = last > 0 && last < 65_536 ? await claim(last) : undefined;
  const port = remembered ?? (await claim(0));
  if (port === undefined) throw new Error("no free port on 127.0.0.1");
  return port;
};

/** Writes the port down for the operator and for the next start. */
export const rememberPort = (folder: DataFolder, port: number): Promise<void> =>
  writeFileAtomic(folder.port, `${port}\n`);

const claim = async (port: number): Promise<number | undefined> => {
  const listener = createServer().listen(port, "127.0.0.1");
  try {
    await once(listener, "listening");
    const address = listener.address();
    return typeof address === "object" ? address?.port : undefined;
  } catch {
    return undefined;
  } finally {
    listener.close();
  }
};

const LIMIT_BYTES = 8 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

/** The size of the server's log in bytes, after a log that has grown too long was put aside. */
const rotateLog = async (folder: DataFolder): Promise<number> => {
  const size = await stat(folder.log).then(
    (file) => file.size,
    () => 0,
  );
  if (size < LIMIT_BYTES) return size;
  await rename(folder.log, `${folder.log}.1`);
  return 0;
};

/** What was logged from byte `from` on; of a long text its end, 16 KiB. */
const readLogFrom = async (folder: DataFolder, from: number): Promise<string> => {
  const file = await open(folder.log, "r");
  try {
    const { size } = await file.stat();
    const start = Math.max(from, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
};

const LINES = 5;

/** Turns what PostgreSQL printed before it failed into an error that says what to do. */
export const explainFailure = (
  { folder, major }: Server,
  doing: "create" | "start",
  output: string,
): DatabaseSetupError => {
  const said = output.trim().split("\n").slice(-LINES).join("\n");
  if (output.includes("No space left on device")) {
    return new DatabaseSetupError(
      "disk_full",
      `The disk that holds ${folder.root} (or /dev/shm) is full, so PostgreSQL could not ${doing} its ` +
        `database. Free some space, or set LETHE_DATA_DIR to another disk.\n${said}`,
    );
  }
  if (output.includes("Permission denied")) {
    return new DatabaseSetupError(
      "folder_not_usable",
      `PostgreSQL may not use ${folder.root}. Give the folder to the user who runs Lethe, set ` +
        `LETHE_DATA_DIR to another folder, or set DATABASE_URL.\n${said}`,
    );
  }
  if (output.includes("Address already in use")) {
    return new DatabaseSetupError(
      "start_failed",
      `Another program listens on the port of the embedded PostgreSQL. Stop it, or stop every Lethe on ${folder.root} ` +
        `and start again: a free port is chosen then.\n${said}`,
    );
  }
  if (/could not create shared memory|Cannot allocate memory/.test(output)) {
    return new DatabaseSetupError(
      "start_failed",
      `PostgreSQL did not get the memory that it asked for (about 200 MB). Free some memory, or set ` +
        `DATABASE_URL to a PostgreSQL elsewhere.\n${said}`,
    );
  }
  return new DatabaseSetupError(
    "start_failed",
    `The embedded PostgreSQL ${major} could not ${doing} its database in ${folder.cluster}. ` +
      `See ${folder.log}, or set DATABASE_URL to a PostgreSQL of your own. It said last:\n${said}`,
  );
};
