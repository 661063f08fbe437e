import { hostname } from "node:os";
import {
  type Context,
  LeaseWatch,
  lapseGateways,
  registerGateway,
  releaseGateway,
  renewGateway,
  lease as terms,
  within,
} from "@lethe/core";
import type { Logger } from "pino";

/** After a failure it is tried again so soon; milliseconds. */
const retryMs = 500;

export type Lease = {
  /** The id of the gateway, null while it holds no lease: then nothing may be opened. */
  current: () => string | null;
  /** Whether it holds a lease and the last attempt to write that down succeeded. */
  isWell: () => boolean;
  /**
   * Has `listener` called, at once and synchronously, when the lease has lapsed or cannot be known to hold:
   * every socket must be gone when it returns, because others may delete chats under them from now on.
   */
  onLost: (listener: () => void) => void;
  /** Stops renewing and gives the lease up. */
  stop: () => Promise<void>;
};

/**
 * Holds a lease for this process for as long as it runs, takes a new one when it was lost, and watches the
 * leases of others, so that the dead do not stand in the way.
 *
 * @param db a pool of its own, so that the lease is not lost behind a queue of queries
 */
export async function keepLease(db: Context["db"], log: Logger): Promise<Lease> {
  const watch = new LeaseWatch();
  const listeners: (() => void)[] = [];
  const started = performance.now();
  let gatewayId: string | null = (await registerGateway({ db, host: hostname() })).id;
  let fencedAt = started + terms.fenceMs;
  let fence = armFence();
  let well = true;
  let stopped = false;
  // The sooner others are seen for the first time, the sooner the dead among them are known.
  let timer = setTimeout(turn, 0);
  let turning: Promise<void> = Promise.resolve();

  const current = () => (performance.now() < fencedAt ? gatewayId : null);

  function armFence() {
    return setTimeout(() => lose(new Error("No renewal succeeded in time")), fencedAt - performance.now());
  }

  function hold(id: string, since: number) {
    gatewayId = id;
    fencedAt = since + terms.fenceMs;
    clearTimeout(fence);
    fence = armFence();
  }

  function lose(err: Error) {
    clearTimeout(fence);
    if (gatewayId === null) return;
    const id = gatewayId;
    gatewayId = null;
    for (const listener of listeners) listener();
    log.error({ err }, "The lease was lost: all sockets were closed");
    releaseGateway({ db, id }).catch(() => {});
  }

  async function renew(id: string) {
    const { outcome, since } = await inTime(() => renewGateway({ db, id }));
    if (stopped || gatewayId !== id) return;
    if (outcome.renewed) hold(id, since);
    else lose(new Error("The lease had lapsed"));
    const silent = watch.look(outcome.others, performance.now());
    if (silent.length > 0) await inTime(() => lapseGateways({ db, silent }));
  }

  async function register() {
    const { outcome, since } = await inTime(() => registerGateway({ db, host: hostname() }));
    if (stopped) await releaseGateway({ db, id: outcome.id });
    else hold(outcome.id, since);
  }

  async function attempt() {
    try {
      await (gatewayId === null ? register() : renew(gatewayId));
      well = gatewayId !== null;
    } catch (err) {
      // Of several failures in a row the first one tells.
      log[well ? "error" : "debug"]({ err }, "The lease could not be renewed; trying again");
      well = false;
    }
  }

  function turn() {
    turning = attempt().finally(() => {
      if (!stopped) timer = setTimeout(turn, well ? terms.renewEveryMs : retryMs);
    });
  }

  return {
    current,
    isWell: () => well && current() !== null,
    onLost: (listener) => listeners.push(listener),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(fence);
      await turning;
      const id = gatewayId;
      gatewayId = null;
      if (id !== null) await releaseGateway({ db, id });
    },
  };
}

/** The outcome of `work`, and when it began. Throws when it comes too late to count. */
async function inTime<Outcome>(work: () => Promise<Outcome>): Promise<{ outcome: Outcome; since: number }> {
  const since = performance.now();
  const outcome = await within(terms.answerMs, work());
  // The timer of `within` is late where the whole process stood still.
  if (performance.now() - since > terms.answerMs) throw new Error("The database answered too late");
  return { outcome, since };
}
