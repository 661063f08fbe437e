import { lease as terms } from "@lethe/core";
import { within } from "./within.ts";

/** A renewal that takes longer has failed; milliseconds. */
const renewTimeout = 2_000;
const registerRetry = 1_000;

export type LeaseVerbs = {
  /** Registers a gateway with a fresh lease and answers its id. */
  register: () => Promise<string>;
  /** False when the lease has lapsed. */
  renew: (gatewayId: string) => Promise<boolean>;
  /** Gives the lease up, and all connections under it. */
  release: (gatewayId: string) => Promise<void>;
};

export type Lease = {
  /** The id of the gateway, null while it holds no lease: then nothing may be opened. */
  current: () => string | null;
  /** Stops renewing and gives the lease up. */
  stop: () => Promise<void>;
};

/**
 * Holds a lease for this process for as long as it runs. `onLost` is called, at once and synchronously,
 * when the lease has lapsed or cannot be known to hold: every socket must be gone when it returns,
 * because others may delete chats under them from now on. A new lease is then taken by itself.
 *
 * @param onTrouble told of every failure
 */
export async function keepLease(
  verbs: LeaseVerbs,
  onLost: () => void,
  onTrouble: (error: unknown, what: string) => void,
): Promise<Lease> {
  const started = performance.now();
  let gatewayId: string | null = await verbs.register();
  let stopped = false;
  let fence = armFence(started + terms.fenceMs - performance.now());
  let timer = setTimeout(turn, terms.renewEveryMs);
  let turning: Promise<void> = Promise.resolve();

  function armFence(delay: number) {
    return setTimeout(() => lose(new Error("No renewal succeeded in time")), delay);
  }

  function lose(reason: unknown) {
    clearTimeout(fence);
    if (gatewayId === null) return;
    const lost = gatewayId;
    gatewayId = null;
    onLost();
    onTrouble(reason, "The lease was lost: all sockets were closed");
    verbs.release(lost).catch(() => {});
  }

  function hold(id: string, since: number) {
    gatewayId = id;
    clearTimeout(fence);
    fence = armFence(since + terms.fenceMs - performance.now());
  }

  async function renew(id: string) {
    const since = performance.now();
    try {
      const held = await within(renewTimeout, verbs.renew(id));
      if (stopped || gatewayId !== id) return;
      if (held) hold(id, since);
      else lose(new Error("The lease had lapsed"));
    } catch (error) {
      onTrouble(error, "The lease could not be renewed");
    }
  }

  async function register() {
    const since = performance.now();
    try {
      const id = await verbs.register();
      if (stopped || performance.now() - since > terms.fenceMs) await verbs.release(id);
      else hold(id, since);
    } catch (error) {
      onTrouble(error, "The gateway could not be registered");
    }
  }

  function turn() {
    turning = (gatewayId === null ? register() : renew(gatewayId)).finally(() => {
      if (!stopped) timer = setTimeout(turn, gatewayId === null ? registerRetry : terms.renewEveryMs);
    });
  }

  return {
    current: () => gatewayId,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(fence);
      await turning;
      const last = gatewayId;
      gatewayId = null;
      if (last !== null) await verbs.release(last);
    },
  };
}
