import { randomUUID } from "node:crypto";
import { setImmediate as breathe, setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@lethe/db";
import { readClock } from "../clock.ts";
import type { DueDelivery } from "./delivery-row.ts";
import { claimEndpoints, type Endpoint, releaseEndpoints, renewEndpoints } from "./endpoint-leases.ts";
import { readAhead } from "./read-due.ts";
import { type Attempt, type Health, healthAfter, recordAttempts, recordHealth } from "./record-attempts.ts";
import { createConnections, sendWebhook } from "./send-webhook.ts";
import { Sends, Share } from "./shares.ts";
import type { WebhookOptions } from "./webhook-options.ts";

/** The pause between two turns, in which outcomes gather; and after a turn that failed; milliseconds. */
const pauses = { gather: 20, first: 500, longest: 5_000 };
/** Webhooks that one turn takes on. */
const claimSize = 100;
/** Sends that are begun before others of this process get their turn. */
const burst = 8;
/** Outcomes that wait to be noted. With more nothing is sent: what is not noted is sent again after a crash. */
const mostUnnoted = 2_000;

/** How long a reading of the database's clock is carried on; milliseconds. */
const clockMs = 60_000;

export type DelivererOptions = {
  db: Database;
  options: WebhookOptions;
  log: { warn(fields: object, message: string): void };
  /** Aborted when the process stops: what is on its way is cut off and sent again by others. */
  signal: AbortSignal;
  /** How often it looks for what others have left to do; milliseconds. */
  pollMs: number;
  /** Told how each attempt ended. */
  onAttempt: (result: "delivered" | "failed") => void;
};

export type Deliverer = {
  /** Has it look now, because something was written. */
  wake(): void;
  /** Sends that are under way. */
  sending(): number;
  /** Works until the signal, then gives back what it holds. */
  run(): Promise<void>;
};

/** A webhook that this process holds. */
type Held = Endpoint & {
  url: string;
  secrets: readonly string[];
  failing: boolean;
  /** Whether anything may be sent to it, as of the last look. */
  open: boolean;
  /** Read and not sent yet, and all that is known: also what is under way, or not noted yet. */
  ready: DueDelivery[];
  known: Set<string>;
  sending: number;
  share: Share;
  /** When the lease was last given, by this process's own clock; milliseconds. */
  leasedAt: number;
};

/**
 * Delivers what is due to webhooks of all tenants. A turn notes outcomes, takes on webhooks that are due, reads
 * what is due to those that may have more, makes deliveries of messages where that is too little, and gives back
 * those that have nothing: a statement each, whatever the number of webhooks and deliveries. Between turns nothing
 * is asked of the database: to wait for a receiver's answer costs a socket.
 *
 * Any number of processes may do so; each webhook is held by one. What a process dies over is sent again when
 * its lease ends, under the same `webhook-id`.
 */
export function createDeliverer(deliverer: DelivererOptions): Deliverer {
  const { db, options, log, signal, pollMs, onAttempt } = deliverer;
  const { leaseMs, timeoutMs } = options;
  const owner = randomUUID();
  const connections = createConnections();
  const held = new Map<string, Held>();
  const sends = new Sends();
  let unnoted: Attempt[] = [];
  const health = new Map<Held, Health>();
  let wakeUp = Promise.withResolvers<void>();
  let mayBeDue = true;
  /** The database's clock, and when it was read. */
  let clock: (() => Date) | undefined;
  let clockReadAt = 0;

  function wake(): void {
    mayBeDue = true;
    wakeUp.resolve();
  }

  const isOver = ({ leasedAt }: Held) => performance.now() > leasedAt + leaseMs;
  const maySend = (one: Held) =>
    one.open && !isOver(one) && one.ready.length > 0 && one.sending < one.share.current;

  function send(one: Held, delivery: DueDelivery): void {
    const { tenantId, webhookId, url, secrets } = one;
    const { id, step, payload } = delivery;
    if (clock === undefined) return;
    one.sending += 1;
    sends.begin(tenantId);
    const sent = sendWebhook({
      ...{ url, secrets, id, payload, timeoutMs, clock, signal, connections },
      policy: options,
    });
    void sent.then((outcome) => {
      one.sending -= 1;
      sends.end(tenantId);
      if (outcome.result === "cut_off") return;
      one.share.learn({ delivered: outcome.result === "delivered" });
      onAttempt(outcome.result);
      unnoted.push({ tenantId, webhookId, id, step, outcome });
      health.set(one, healthAfter(outcome, health.get(one)));
      sendSome(one, 2);
      wakeUp.resolve();
    });
  }

  /** Begins up to `count` sends of a webhook, as its share and its tenant's room allow. */
  function sendSome(one: Held, count: number): number {
    let begun = 0;
    while (begun < count && maySend(one) && mayBegin(one)) {
      const next = one.ready.shift();
      if (next === undefined) break;
      send(one, next);
      begun += 1;
    }
    return begun;
  }
  const mayBegin = ({ tenantId }: Held) =>
    !signal.aborted && unnoted.length < mostUnnoted && sends.roomOf(tenantId) > 0;

  async function note(): Promise<void> {
    const attempts = unnoted;
    unnoted = [];
    try {
      const locked = await recordAttempts(db, attempts, options.pauses);
      for (const attempt of attempts) {
        if (locked.has(attempt.id)) unnoted.push(attempt);
        else held.get(attempt.webhookId)?.known.delete(attempt.id);
      }
    } catch (error) {
      unnoted.push(...attempts);
      throw error;
    }
    for (const [one, now] of health) {
      if (now !== "well" || one.failing) await recordHealth(db, one, now, options.disableAfterMs);
      // An answer may have come in meanwhile that says more.
      if (health.get(one) === now) health.delete(one);
    }
  }

  async function takeOn(): Promise<void> {
    const begun = performance.now();
    const limit = Math.min(claimSize, sends.roomForNew());
    if (!mayBeDue || limit === 0) return;
    mayBeDue = false;
    const taken = await claimEndpoints(db, { owner, leaseMs, limit, except: sends.full() });
    for (const { tenantId, webhookId, failing } of taken) {
      held.set(webhookId, {
        ...{ tenantId, webhookId, failing, leasedAt: begun, share: new Share({ failing }) },
        ...{ url: "", secrets: [], open: true, ready: [], known: new Set<string>(), sending: 0 },
      });
    }
    if (taken.length === limit) wake();
  }

  /** Receivers refuse what is dated minutes off, and the clock of this machine may be. */
  async function keepTime(): Promise<void> {
    if (held.size === 0 || (clock && performance.now() < clockReadAt + clockMs)) return;
    clock = await readClock(db);
    clockReadAt = performance.now();
  }

  /** Reads ahead for webhooks that can send. Answers those that have nothing to do. */
  async function read(): Promise<Held[]> {
    const asked = [...held.values()].filter((one) => one.sending < one.share.current);
    const questions = asked.map(({ tenantId, webhookId, share, ready, known }) => ({
      ...{ tenantId, webhookId, known: [...known] },
      want: Math.max(0, 2 * share.current - ready.length),
    }));
    const found = new Map((await readAhead(db, owner, questions)).map((row) => [row.webhookId, row]));
    const idle: Held[] = [];
    for (const one of asked) {
      const row = found.get(one.webhookId);
      one.open = row !== undefined;
      if (row === undefined) forget(one);
      else {
        Object.assign(one, { url: row.url, secrets: row.secrets, failing: row.failing });
        one.ready.push(...row.due);
        for (const { id } of row.due) one.known.add(id);
      }
      if (one.known.size > 0) continue;
      // Its row was locked for a moment, or it has passed over many messages that it does not want.
      if (row?.behind) wakeUp.resolve();
      else idle.push(one);
    }
    return idle;
  }

  /** What was read and not sent is read again, by whoever comes to it. */
  function forget(one: Held): void {
    for (const { id } of one.ready) one.known.delete(id);
    one.ready = [];
  }

  async function giveBack(idle: readonly Held[]): Promise<void> {
    for (const { webhookId } of await releaseEndpoints(db, owner, idle)) held.delete(webhookId);
  }

  async function renew(): Promise<void> {
    const begun = performance.now();
    const old = [...held.values()].filter(({ leasedAt }) => begun > leasedAt + leaseMs / 3);
    for (const { webhookId } of await renewEndpoints(db, { owner, leaseMs }, old)) {
      const one = held.get(webhookId);
      if (one) one.leasedAt = begun;
    }
    for (const one of held.values()) {
      if (!isOver(one)) continue;
      forget(one);
      if (one.known.size === 0) held.delete(one.webhookId);
    }
  }

  /** Begins what may be sent, of each webhook a little in its turn. */
  async function sendAll(): Promise<void> {
    let waiting = [...held.values()];
    while (waiting.length > 0) {
      const next: Held[] = [];
      let begun = 0;
      for (const one of waiting) {
        const count = sendSome(one, 1);
        if (count > 0) next.push(one);
        begun += count;
        if (begun >= burst) {
          begun = 0;
          await breathe();
        }
      }
      waiting = next;
    }
  }

  async function turn(): Promise<void> {
    await note();
    await takeOn();
    await keepTime();
    const idle = await read();
    await sendAll();
    await giveBack(idle);
    await renew();
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      wakeUp = Promise.withResolvers<void>();
      const failed = await turn().then(
        () => false,
        (err: unknown) => {
          if (!signal.aborted) log.warn({ err }, "webhooks could not be delivered; trying again");
          return true;
        },
      );
      failures = failed ? failures + 1 : 0;
      const pause = failed ? Math.min(pauses.longest, pauses.first * 2 ** (failures - 1)) : pauses.gather;
      await sleep(pause, undefined, { signal }).catch(() => {});
      await untilWoken();
    }
    await end();
  }

  /** Until there is something to do, or it is time to look for what others have left. */
  async function untilWoken(): Promise<void> {
    if (signal.aborted) return;
    const timer = setTimeout(wake, pollMs);
    signal.addEventListener("abort", wake);
    await wakeUp.promise;
    signal.removeEventListener("abort", wake);
    clearTimeout(timer);
  }

  /** Notes what is known and gives everything back, so that others go on at once. */
  async function end(): Promise<void> {
    connections.close();
    try {
      await note();
      await releaseEndpoints(db, owner, [...held.values()]);
    } catch (err) {
      log.warn({ err }, "webhooks were not given back; others go on when their leases end");
    }
  }

  return {
    wake,
    sending: () => sends.total,
    run,
  };
}
