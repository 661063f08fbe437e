import { setTimeout as sleep } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import { atMost } from "../cache-options.ts";
import { type Demand, watchDemand } from "./demand.ts";
import { findDueTenants } from "./find-due-tenants.ts";
import type { Sweep, TaskOptions, TenantTask, Turn, TurnEnd } from "./task-module.ts";

/** How often a task looks for tenants, where it does not say; milliseconds. */
const lookMs = 500;

/**
 * A turn takes `short` while others wait, and is over after `long` in any case; milliseconds, rests included. A
 * step that is under way is finished. No rest is longer than `rest`: a step that was held up by something else must
 * not hold up the next for as long.
 */
const turnMs = { short: 150, long: 2_000, rest: 1_000 };

/** For so long a tenant is left alone for whom a turn could do nothing or failed, doubled with each; milliseconds. */
const pauseMs = { blocked: 5_000, failed: 500, longest: 30_000 };

/** Tenants that wait in a lane at most, the others are found when it is their time; and pauses remembered. */
const most = { waiting: 1_000, paused: 1_000 };

type Waiting = { task: TenantTask; tenantId: string; since: number };
type Pause = { until: number; failures: number };

export type LaneOptions = Pick<TaskOptions, "db" | "log" | "signal"> & {
  tasks: readonly TenantTask[];
  /** Turns at the same time. */
  concurrency: number;
  /** A factor for pauses, for tests. */
  pace: number;
};

export type Lane = {
  /** Has a tenant served soon, because it has something new to do. */
  wake(task: TenantTask, tenantId: string): void;
  /** Each looks for the tenants of a task. */
  sweeps: Sweep[];
  /** Ends when the turns under way have, once the signal is aborted. */
  finished(): Promise<void>;
};

/**
 * Gives tenants their turns at tasks, who has waited longest first. Who waits is remembered in this process alone, and
 * may be forgotten: the tables say who has something to do. A tenant has one turn of a task at a time here; who asks
 * meanwhile is heard when that ends.
 */
export function createLane({ tasks, concurrency, pace, db, log, signal }: LaneOptions): Lane {
  const demand = watchDemand(db);
  const waiting = new Map<string, Waiting>();
  const serving = new Map<string, { again: boolean; ended: Promise<void> }>();
  const pauses = new LRUCache<string, Pause>(atMost(most.paused));

  function add(key: string, next: Waiting): void {
    const earlier = waiting.get(key);
    if (earlier !== undefined) earlier.since = Math.min(earlier.since, next.since);
    else if (waiting.size < most.waiting) waiting.set(key, next);
  }

  function fill(): void {
    while (!signal.aborted && serving.size < concurrency) {
      const [first] = [...waiting].toSorted(([, a], [, b]) => a.since - b.since);
      if (first === undefined) return;
      const [key, next] = first;
      waiting.delete(key);
      const state = { again: false, ended: Promise.resolve() };
      serving.set(key, state);
      state.ended = serve(key, next, state);
    }
  }

  async function serve(key: string, { task, tenantId }: Waiting, state: { again: boolean }): Promise<void> {
    const turn = beginTurn({ signal, othersWait: () => waiting.size > 0, demand });
    const end = await task.work(tenantId, turn).catch((err: unknown) => {
      if (!signal.aborted)
        log.warn({ err, task: task.name, tenant_id: tenantId }, "Background work failed; trying again");
      return null;
    });
    serving.delete(key);
    pause(key, end);
    if (end !== null && (end.more || state.again)) add(key, { task, tenantId, since: performance.now() });
    fill();
  }

  function pause(key: string, end: TurnEnd | null): void {
    const failures = end === null ? (pauses.get(key)?.failures ?? 0) + 1 : 0;
    const failedMs = Math.min(pauseMs.failed * 2 ** (failures - 1), pauseMs.longest);
    if (failures > 0) pauses.set(key, { until: performance.now() + failedMs * pace, failures });
    else if (end?.blocked) pauses.set(key, { until: performance.now() + pauseMs.blocked * pace, failures });
    else pauses.delete(key);
  }

  /** A tenant that has something to do; `woken`: something new. */
  function meet(task: TenantTask, tenantId: string, woken: boolean): void {
    const key = `${task.name}:${tenantId}`;
    const state = serving.get(key);
    if (state !== undefined) {
      state.again ||= woken;
      return;
    }
    const pause = pauses.get(key);
    const isPaused = pause !== undefined && performance.now() < pause.until;
    if (isPaused && (!woken || pause.failures > 0)) return;
    if (woken || !waiting.has(key))
      add(key, { task, tenantId, since: performance.now() - (task.headStartMs ?? 0) });
  }

  function looking(task: TenantTask): Sweep {
    let place: string | undefined;
    return {
      what: `work of the kind ${task.name}`,
      everyMs: task.lookMs ?? lookMs,
      isNeeded: true,
      run: async () => {
        if (waiting.size >= most.waiting / 2) return;
        const { tenantIds, next } = await findDueTenants(db, task, place);
        place = next;
        for (const tenantId of tenantIds) meet(task, tenantId, false);
        fill();
      },
    };
  }

  return {
    wake: (task, tenantId) => {
      meet(task, tenantId, true);
      fill();
    },
    sweeps: tasks.map(looking),
    finished: async () => {
      await Promise.all([...serving.values()].map(({ ended }) => ended));
    },
  };
}

export type BeginTurn = {
  /** Ends the turn. */
  signal: AbortSignal;
  othersWait: () => boolean;
  demand: Demand;
  long?: number;
};

/** A turn that begins now. */
export function beginTurn({ signal, othersWait, demand, long = turnMs.long }: BeginTurn): Turn {
  const begun = performance.now();
  return {
    isOver: () => {
      const took = performance.now() - begun;
      return signal.aborted || took >= long || (took >= turnMs.short && othersWait());
    },
    rest: async (ms, leastMs = 0) => {
      const wanted = Math.min(ms, turnMs.rest) * (await demand());
      await sleep(Math.max(wanted, leastMs), undefined, { signal }).catch(() => {});
    },
  };
}
