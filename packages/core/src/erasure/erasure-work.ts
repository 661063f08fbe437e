import { Prisma } from "@lethe/db";
import type { TaskModule, TaskOptions } from "../background/task-module.ts";
import { createEraser } from "./erase-for-tenant.ts";
import { readErasureBacklog } from "./read-erasure-backlog.ts";

/** Erases what deletions have left behind. */
export function erasureTasks({ db, log, onErased, onBacklog, retryMs }: TaskOptions): TaskModule {
  return {
    tasks: [
      {
        name: "erasure",
        work: createEraser({ db, log, onErased, retryMs }),
        tenantAfter: (tenantId) => Prisma.sql`(
          SELECT deletion.tenant_id FROM deletion
          WHERE deletion.erased_at IS NULL AND deletion.tenant_id > ${tenantId}
          ORDER BY deletion.tenant_id LIMIT 1
        )`,
      },
    ],
    sweeps: [
      {
        what: "pending erasures",
        everyMs: 5_000,
        run: async () => onBacklog(await readErasureBacklog(db)),
      },
    ],
  };
}
