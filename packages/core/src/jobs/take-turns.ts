import { setTimeout as sleep } from "node:timers/promises";
import type { Database, Task } from "@lethe/db";
import { type Demand, watchDemand } from "./demand.ts";
import {
  areOthersWaiting,
  enqueueTenants,
  type TenantTask,
  type Turn,
  tenantPayload,
} from "./tenant-queue.ts";

/**
 * A turn takes `short` while others wait, and is over after `long` in any case; milliseconds, rests included. A
 * step that is under way is finished. Each turn costs a few small transactions.
 */
const turnMs = { short: 150, long: 2_000 };

/**
 * Tasks as the queue runs them, for workers that share them: each gives the tenant of a job a turn, and puts it at
 * the end of the queue if there is more. This process never does a task for a tenant twice at a time; who asks
 * meanwhile is heard when the turn ends.
 */
export function takingTurns(
  db: Database,
  tasks: readonly TenantTask[],
  signal: AbortSignal,
): Record<string, Task> {
  const names = tasks.map(({ name }) => name);
  const demand = watchDemand(db);
  return Object.fromEntries(
    tasks.map((task) => {
      const served = new Map<string, { again: boolean }>();
      const serve = async (payload: unknown) => {
        const { tenantId } = tenantPayload.parse(payload);
        const other = served.get(tenantId);
        if (other !== undefined) {
          other.again = true;
          return;
        }
        const own = { again: false };
        served.set(tenantId, own);
        try {
          const othersWait = () => areOthersWaiting(db, names, { name: task.name, tenantId });
          const { more } = await task.work(tenantId, beginTurn({ signal, othersWait, demand }));
          own.again ||= more;
        } finally {
          served.delete(tenantId);
        }
        if (own.again) await enqueueTenants(db, task, [tenantId]);
      };
      return [task.name, serve];
    }),
  );
}

export type BeginTurn = {
  /** Ends the turn. */
  signal: AbortSignal;
  othersWait: () => Promise<boolean>;
  demand: Demand;
  long?: number;
};

/** A turn that begins now. */
export function beginTurn({ signal, othersWait, demand, long = turnMs.long }: BeginTurn): Turn {
  const end = performance.now() + long;
  let next = performance.now() + turnMs.short;
  return {
    isOver: async () => {
      const now = performance.now();
      if (signal.aborted || now >= end) return true;
      if (now < next) return false;
      next = now + turnMs.short;
      return othersWait();
    },
    rest: async (ms, leastMs = 0) => {
      await sleep(Math.max(ms * (await demand()), leastMs), undefined, { signal }).catch(() => {});
    },
  };
}
