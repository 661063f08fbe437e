import { toFailure } from "../errors/to-failure.ts";
import { closeCodes, liveLimits } from "./live-limits.ts";
import { dismiss, type Peer } from "./peer.ts";

/** Credentials that are asked about at the same time. */
const rechecksAtOnce = 8;

/** Pings every peer, and ends those that have been silent since the last ping. */
export function pingPeers(peers: Iterable<Peer>): void {
  for (const peer of peers) {
    // A peer that we make wait cannot be heard.
    if (!peer.alive && !peer.socket.isPaused) peer.socket.terminate();
    else {
      peer.alive = false;
      peer.socket.ping();
    }
  }
}

/** Ends the sockets of peers that do not answer our goodbye. */
export function endDismissed(peers: Iterable<Peer>): void {
  const latest = performance.now() - liveLimits.closePatience;
  for (const peer of peers)
    if (peer.dismissedAt !== null && peer.dismissedAt < latest) peer.socket.terminate();
}

/**
 * Asks once for each credential whether it still holds, and lets go of the peers whose does not. That a
 * credential cannot be asked about is no reason to close: the lease decides when the database is away.
 */
export async function recheckCredentials(peers: Iterable<Peer>): Promise<void> {
  const groups = [...Map.groupBy(peers, (peer) => peer.caller.credential).values()];
  for (let next = 0; next < groups.length; next += rechecksAtOnce)
    await Promise.all(groups.slice(next, next + rechecksAtOnce).map(recheckGroup));
}

async function recheckGroup(group: Peer[]): Promise<void> {
  try {
    await group[0]?.caller.recheck();
  } catch (error) {
    if (toFailure(error).code !== "UNAUTHORIZED") return;
    for (const peer of group)
      dismiss(peer, closeCodes.credentialsRevoked, "The credentials were revoked or have expired");
  }
}
