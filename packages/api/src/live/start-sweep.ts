import { removeLapsedGateways } from "@lethe/core";
import type { Services } from "../services.ts";
import { liveLimits } from "./live-limits.ts";
import type { Peer } from "./peer.ts";
import type { RowReleaser } from "./release-rows.ts";
import { endDismissed, pingPeers, recheckCredentials } from "./sweep-peers.ts";

/**
 * Looks after all sockets with one timer, so that none costs a timer of its own: pings, revoked
 * credentials, peers that do not leave, rows that could not be released, gateways that lapsed. Answers a function that
 * stops it.
 */
export function startSweep({ db, log }: Services, peers: Set<Peer>, rows: RowReleaser): () => void {
  let pingedAt = performance.now();
  let tidiedAt = 0;
  let rechecking = false;

  async function recheck() {
    rechecking = true;
    try {
      await recheckCredentials(peers);
    } finally {
      rechecking = false;
    }
  }

  function sweep() {
    const trouble = (what: string) => (error: unknown) => log.warn({ err: error }, what);
    const now = performance.now();
    endDismissed(peers);
    rows.retry().catch(trouble("Connections could not be released"));
    if (!rechecking) recheck().catch(trouble("Credentials could not be rechecked"));
    if (now - pingedAt >= liveLimits.pingInterval) {
      pingedAt = now;
      pingPeers(peers);
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
