import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseSetupError } from "../connection-error.ts";
import { findRunning, readPostmaster, type Server, servesCluster } from "./find-running.ts";
import {
  choosePort,
  explainFailure,
  rememberPort,
  type Spawned,
  spawnPostmaster,
} from "./spawn-postmaster.ts";

const POLL_MS = 50;
/** Recovery after a crash may read a gigabyte of log. */
const BUSY_LIMIT_MS = 180_000;
/** Backends that lost their postmaster end within a statement's time. */
const SERVED_LIMIT_MS = 20_000;
/** Whoever has waited so long wants to know what for. */
const LONG_MS = 5_000;
const PORT_ATTEMPTS = 5;

/**
 * Adopts the server of this folder if one runs, else starts one, and returns its port.
 *
 * With `fixedPort` nothing but that port will do: others know the server by it. Once `signal` is aborted the server
 * that was started here is stopped again, and the signal's reason is thrown. Call it under the start lock.
 * Throws DatabaseSetupError.
 */
export const ensureRunning = async (
  server: Server,
  { fixedPort, signal }: { fixedPort?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<number> => {
  const begun = performance.now();
  let portAttempts = 0;
  let tellAt = LONG_MS;
  let spawned: Spawned | undefined;
  while (true) {
    const running = await findRunning(server);
    if (running.state === "ready") {
      await rememberPort(server.folder, running.port);
      return running.port;
    }
    if (signal?.aborted) {
      await spawned?.kill();
      throw signal.reason;
    }
    const waited = performance.now() - begun;
    const said = running.state === "busy" ? ` (asked, it says: ${running.said})` : "";
    if (waited > BUSY_LIMIT_MS) throw stillBusy(server, said);
    if (waited > tellAt) {
      server.log(`Waiting for the PostgreSQL in ${server.folder.cluster}${said}`);
      tellAt = Number.POSITIVE_INFINITY;
    }

    const ended = await spawned?.status();
    if (ended?.state === "served") {
      if (waited > SERVED_LIMIT_MS) throw servedElsewhere(server);
      spawned = undefined;
    } else if (ended?.state === "ended") {
      portAttempts += 1;
      const portTaken = ended.output.includes("Address already in use");
      if (!portTaken || portAttempts >= PORT_ATTEMPTS) {
        throw explainFailure(server, "start", ended.output);
      }
      spawned = undefined;
    } else if (running.state === "none" && spawned === undefined) {
      spawned = await spawnPostmaster(server, fixedPort ?? (await choosePort(server.folder)));
      continue;
    }
    await sleep(POLL_MS);
  }
};

const stillBusy = ({ folder }: Server, said: string) =>
  new DatabaseSetupError(
    "timed_out",
    `The PostgreSQL in ${folder.cluster} has been starting or stopping for ${BUSY_LIMIT_MS / 1000} seconds${said}. ` +
      `${folder.log} says what it is doing (recovery after a crash can take long); then start again.`,
  );

const servedElsewhere = ({ folder }: Server) =>
  new DatabaseSetupError(
    "folder_in_use",
    `Another PostgreSQL serves ${folder.cluster} and cannot be reached from here. It may run in another ` +
      "container that shares the folder, or be left over from a crash. Stop it, or set LETHE_DATA_DIR " +
      "to another folder. Several instances share one database through DATABASE_URL.",
  );

/** A stop of Lethe may take ten seconds in all. */
const FAST_SHUTDOWN_TIMEOUT_MS = 5_000;
const SHUTDOWN_TIMEOUT_MS = 60_000;

/**
 * Shuts the server of this folder down: open transactions are rolled back, the data is written out, or,
 * where that takes long, left to the recovery of the next start. Returns when the process has gone. Call
 * it under the start lock. Once `hurry` is aborted it is left to the next start at once.
 *
 * Throws DatabaseSetupError `timed_out` after a minute; the server goes on shutting down then.
 */
export const stopServer = async ({ folder }: Server, hurry?: AbortSignal): Promise<void> => {
  const postmaster = await readPostmaster(folder);
  if (postmaster === undefined || !(await servesCluster(folder, postmaster.pid))) return;
  // SIGINT is PostgreSQL's "fast" shutdown.
  process.kill(postmaster.pid, "SIGINT");
  const begun = performance.now();
  let immediate = false;
  while (await servesCluster(folder, postmaster.pid)) {
    const waited = performance.now() - begun;
    // A fast shutdown that comes while PostgreSQL recovers from the crash of one of its processes never
    // ends (18.4). SIGQUIT is the "immediate" shutdown: what was committed is in the log all the same.
    if (!immediate && (waited > FAST_SHUTDOWN_TIMEOUT_MS || hurry?.aborted)) {
      immediate = true;
      process.kill(postmaster.pid, "SIGQUIT");
    }
    if (waited > SHUTDOWN_TIMEOUT_MS) {
      throw new DatabaseSetupError(
        "timed_out",
        `PostgreSQL (process ${postmaster.pid}) is still shutting down after ${SHUTDOWN_TIMEOUT_MS / 1000} seconds. ` +
          `Nothing is lost; ${folder.log} says what it is waiting for.`,
      );
    }
    await sleep(20);
  }
};
