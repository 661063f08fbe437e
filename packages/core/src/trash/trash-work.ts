import { Prisma } from "@lethe/db";
import type { TaskModule, TaskOptions } from "../background/task-module.ts";
import { createFollower } from "./follow-settings.ts";
import { createPurger } from "./purge-trash.ts";

/** Purges what has been in the trash for long enough, and follows changes of how long that is. */
export function trashTasks({ db, log }: TaskOptions): TaskModule {
  return {
    tasks: [
      {
        name: "trash_purge",
        lookMs: 5_000,
        work: createPurger({ db, log }),
        // Tenants that have a trash, ...
        tenantAfter: (tenantId) => Prisma.sql`(
          SELECT chat.tenant_id FROM chat
          WHERE chat.purge_at IS NOT NULL AND chat.tenant_id > ${tenantId}
          ORDER BY chat.tenant_id LIMIT 1
        )`,
        // ... if something in it is due.
        isDue: Prisma.sql`(
          SELECT min(chat.purge_at) FROM chat
          WHERE chat.tenant_id = waiting.tenant_id AND chat.purge_at IS NOT NULL
        ) <= statement_timestamp()`,
      },
      {
        name: "trash_settings",
        work: createFollower({ db }),
        tenantAfter: (tenantId) => Prisma.sql`(
          SELECT tenant.tenant_id FROM tenant
          WHERE tenant.purge_stale_since IS NOT NULL AND tenant.tenant_id > ${tenantId}
          ORDER BY tenant.tenant_id LIMIT 1
        )`,
      },
    ],
    sweeps: [],
  };
}
