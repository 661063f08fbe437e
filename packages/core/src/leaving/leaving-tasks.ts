import { type Database, Prisma } from "@lethe/db";
import type { TaskModule, TaskOptions } from "../background/task-module.ts";
import { beginTurn } from "../background/tenant-turns.ts";
import { createJobRunner } from "../deletion-jobs/deletion-job-tasks.ts";
import { createEraser } from "../erasure/erase-transcripts.ts";
import { takeLeavingStep } from "./leaving-step.ts";

/** Has tenants leave that have asked for it. Their jobs, erasures and webhooks are the work of others. */
export function leavingTasks({ db }: Pick<TaskOptions, "db">): TaskModule {
  return {
    tasks: [
      {
        name: "leaving",
        work: async (tenantId, turn) => {
          for (;;) {
            const begun = performance.now();
            const outcome = await takeLeavingStep(db, tenantId);
            // What it waits for is looked for again with the next look for tenants.
            if (outcome !== "more") return { more: false };
            await turn.rest(performance.now() - begun);
            if (turn.isOver()) return { more: true };
          }
        },
        tenantAfter: (tenantId) => Prisma.sql`(
          SELECT departure.tenant_id FROM departure
          WHERE departure.left_at IS NULL AND departure.tenant_id > ${tenantId}
          ORDER BY departure.tenant_id LIMIT 1
        )`,
      },
    ],
    sweeps: [],
  };
}

/** How long one call works at most on each part. Milliseconds. */
const turnMs = 1_000;
/** How long what could not be erased is left alone. Milliseconds. */
const retryMs = 5_000;

/**
 * Works on one tenant's departure where perhaps no server runs: on its steps, its jobs and its erasures, and on nobody
 * else's. Webhooks it does not send: who does is a server. Each call takes some seconds at most; answers whether it has
 * done something.
 */
export function createLeaver(options: Pick<TaskOptions, "log" | "signal"> & { db: Database }) {
  const { db, log, signal } = options;
  const runJobs = createJobRunner({ db, log });
  const erase = createEraser({ db, log, retryMs, onErased: () => {} });
  const turn = () => beginTurn({ signal, othersWait: () => false, demand: async () => 0.5, long: turnMs });
  return async (tenantId: string): Promise<boolean> => {
    const outcome = await takeLeavingStep(db, tenantId);
    if (outcome !== "waiting") return outcome === "more";
    const { more } = await runJobs(tenantId, turn());
    await erase(tenantId, turn());
    return more;
  };
}
