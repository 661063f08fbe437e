import { type Database, Prisma } from "@lethe/db";
import type { TaskModule, TaskOptions, Turn, TurnEnd } from "../background/task-module.ts";
import { StepSize } from "../deletion-jobs/step-size.ts";
import { createSettingsTask } from "./apply-trash-settings.ts";
import { purgeBatch } from "./purge-batch.ts";

export type PurgerOptions = { db: Database; log: { warn(fields: object, message: string): void } };

/**
 * Purges what is due of a tenant's trash, batch by batch, until its turn is over, and leaves the database to
 * others in between for as long as they want it. Answers how many chats it purged and whether there may be more. Several
 * processes may do so at once: each chat is purged by one of them.
 */
export function createPurger({ db, log }: PurgerOptions) {
  const size = new StepSize();
  return async (tenantId: string, turn: Turn): Promise<TurnEnd & { purged: number }> => {
    let sum = 0;
    do {
      const begun = performance.now();
      const { due, more, purged, left, failures } = await purgeBatch(db, tenantId, size.current);
      const took = performance.now() - begun;
      if (purged > 0) size.learn(purged, took);
      sum += purged;
      for (const err of failures)
        log.warn({ err }, "A chat could not be purged from the trash; trying again later");
      // What somebody else has locked is looked for again later.
      if (!more || left === due) return { more: false, purged: sum };
      await turn.rest(took);
    } while (!turn.isOver());
    return { more: true, purged: sum };
  };
}

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
        work: createSettingsTask({ db }),
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
