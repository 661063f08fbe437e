import { Prisma } from "@lethe/db";
import type { Work, WorkOptions } from "../jobs/work.ts";
import { createEraser } from "./erase-for-tenant.ts";
import { eraseTask } from "./erasure.ts";
import { readErasureBacklog } from "./read-erasure-backlog.ts";

/** Erases what deletions have left behind. */
export function erasureWork({ db, log, onErased, onBacklog, lostAfter }: WorkOptions): Work {
  return {
    tasks: [
      {
        ...eraseTask,
        work: createEraser({ db, log, onErased, retryMs: lostAfter.postponedMs }),
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
