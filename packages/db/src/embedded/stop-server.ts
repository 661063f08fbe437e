import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseSetupError } from "../setup-error.ts";
import { readPostmaster, servesCluster } from "./postmaster.ts";
import type { Server } from "./server.ts";

/** A stop of Lethe may take ten seconds in all. */
const PATIENCE_MS = 5_000;
const LIMIT_MS = 60_000;

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
    if (!immediate && (waited > PATIENCE_MS || hurry?.aborted)) {
      immediate = true;
      process.kill(postmaster.pid, "SIGQUIT");
    }
    if (waited > LIMIT_MS) {
      throw new DatabaseSetupError(
        "timed_out",
        `PostgreSQL (process ${postmaster.pid}) is still shutting down after ${LIMIT_MS / 1000} seconds. ` +
          `Nothing is lost; ${folder.log} says what it is waiting for.`,
      );
    }
    await sleep(20);
  }
};
