import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { readLogFrom, rotateLog } from "./log-file.ts";
import { pidFile } from "./postmaster.ts";
import { programEnvironment, run } from "./run.ts";
import type { Server } from "./server.ts";
import { sharedBuffers } from "./shared-buffers.ts";

/** How a server that was started ended, if it did. */
export type Fate = { state: "alive" } | { state: "served" } | { state: "ended"; output: string };

/** A server that was started. */
export type Spawned = {
  fate: () => Promise<Fate>;
  /** Ends it at once, in whatever state it is; what was committed is recovered at the next start. */
  kill: () => Promise<void>;
};

/** The exit code of `flock` when another holds the lock. */
const SERVED = 75;

/** PostgreSQL gives its own processes five seconds; milliseconds. */
const KILL_PATIENCE_MS = 6_000;

/** Connections that the server takes: 64 web processes with 4 each, and others. */
export const embeddedMaxConnections = 300;

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
  if (swept.code === SERVED) return { fate: async () => ({ state: "served" }), kill: async () => {} };

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
    fate: async () => {
      if (failure !== undefined) return { state: "ended", output: failure };
      if (isAlive()) return { state: "alive" };
      if (child.exitCode === SERVED) return { state: "served" };
      return { state: "ended", output: await readLogFrom(folder, logged) };
    },
    kill: async () => {
      if (!isAlive()) return;
      const gone = once(child, "exit", { signal: AbortSignal.timeout(KILL_PATIENCE_MS) });
      // PostgreSQL's "immediate" shutdown; `flock`, which it is at first, dies of it too.
      child.kill("SIGQUIT");
      await gone.catch(() => child.kill("SIGKILL"));
    },
  };
};
