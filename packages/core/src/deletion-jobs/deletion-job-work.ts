import { Prisma } from "@lethe/db";
import type { TaskModule, TaskOptions } from "../background/task-module.ts";
import { startDueRetention } from "../retention/start-due-retention.ts";
import { wakeBackground } from "../wake-background.ts";
import { removeOldJobs } from "./remove-old-jobs.ts";
import { createJobRunner } from "./run-jobs-of-tenant.ts";

/** Works on deletion jobs, and makes those that retention asks for. */
export function deletionJobTasks({ db, log, onDeleted }: TaskOptions): TaskModule {
  return {
    tasks: [
      {
        name: "deletion_jobs",
        // Somebody waits for it.
        headStartMs: 2_000,
        work: createJobRunner({ db, log, onDeleted }),
        tenantAfter: (tenantId) => Prisma.sql`(
          SELECT deletion_job.tenant_id FROM deletion_job
          WHERE deletion_job.finished_at IS NULL AND deletion_job.tenant_id > ${tenantId}
          ORDER BY deletion_job.tenant_id LIMIT 1
        )`,
      },
    ],
    sweeps: [
      { what: "old deletion jobs", everyMs: 600_000, run: () => removeOldJobs(db) },
      {
        what: "retention",
        everyMs: 60_000,
        run: async () => {
          const jobs = await startDueRetention(db);
          wakeBackground(
            db,
            "deletion_jobs",
            jobs.map(({ tenantId }) => tenantId),
          );
        },
      },
    ],
  };
}
