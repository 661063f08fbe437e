import { removeLapsedGateways } from "@lethe/core";
import { toFailure } from "../errors/to-failure.ts";
import type { Services } from "../services.ts";
import { type Connection, closeConnection } from "./connection.ts";
import { closeCodes, liveLimits } from "./live-limits.ts";
import type { RowReleaser } from "./release-rows.ts";

/**
 * Looks after all sockets with one timer, so that none costs a timer of its own: pings, revoked
 * credentials, peers that do not leave, rows that could not be released, gateways that lapsed. Answers a function that
 * stops it.
 */
export function startSweep(
  { db, log }: Services,
  connections: Set<Connection>,
  rows: RowReleaser,
): () => void {
  let pingedAt = performance.now();
  let tidiedAt = 0;
  let rechecking = false;

  async function recheck() {
    rechecking = true;
    try {
      await recheckCredentials(connections);
    } finally {
      rechecking = false;
    }
  }

  function sweep() {
    const trouble = (what: string) => (error: unknown) => log.warn({ err: error }, what);
    const now = performance.now();
    endClosing(connections);
    rows.retry().catch(trouble("Connections could not be released"));
    if (!rechecking) recheck().catch(trouble("Credentials could not be rechecked"));
    if (now - pingedAt >= liveLimits.pingInterval) {
      pingedAt = now;
      pingAll(connections);
    }
    if (now - tidiedAt >= liveLimits.tidyInterval) {
      tidiedAt = now;
      removeLapsedGateways({ db }).catch(trouble("What lapsed gateways left could not be removed"));
    }
  }

  // After the poll phase: pongs that came while the process was busy are heard before anyone is judged.
  const timer = setInterval(() => setImmediate(sweep), liveLimits.sweepInterval);
  return () => clearInterval(timer);
}

/** Credentials that are asked about at the same time. */
const rechecksAtOnce = 8;

/** Pings every peer, and ends those that have been silent since the last ping. */
function pingAll(connections: Iterable<Connection>): void {
  for (const connection of connections) {
    // A peer that we make wait cannot be heard.
    if (!connection.alive && !connection.socket.isPaused) connection.socket.terminate();
    else {
      connection.alive = false;
      connection.socket.ping();
    }
  }
}

/** Ends the sockets of peers that do not answer our goodbye. */
function endClosing(connections: Iterable<Connection>): void {
  const latest = performance.now() - liveLimits.closeTimeoutMs;
  for (const connection of connections)
    if (connection.closingSince !== null && connection.closingSince < latest) connection.socket.terminate();
}

/**
 * Asks once for each credential whether it still holds, and lets go of the peers whose does not. That a
 * credential cannot be asked about is no reason to close: the lease decides when the database is away.
 */
async function recheckCredentials(connections: Iterable<Connection>): Promise<void> {
  const groups = [...Map.groupBy(connections, (connection) => connection.caller.credential).values()];
  for (let next = 0; next < groups.length; next += rechecksAtOnce)
    await Promise.all(groups.slice(next, next + rechecksAtOnce).map(recheckGroup));
}

async function recheckGroup(group: Connection[]): Promise<void> {
  try {
    await group[0]?.caller.recheck();
  } catch (error) {
    if (toFailure(error).code !== "UNAUTHORIZED") return;
    for (const connection of group)
      closeConnection(
        connection,
        closeCodes.credentialsRevoked,
        "The credentials were revoked or have expired",
      );
  }
}
