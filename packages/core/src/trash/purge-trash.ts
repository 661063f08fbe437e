import type { Database } from "@lethe/db";
import type { Turn } from "../jobs/tenant-queue.ts";
import { purgeBatch } from "./purge-batch.ts";

/** Small enough for deletions that people wait for to get their turn in between. */
const batchSize = 100;

export type PurgerOptions = { db: Database; log: { warn(fields: object, message: string): void } };

/**
 * Purges what is due of a tenant's trash, batch by batch, until its turn is over, and leaves the database to
 * others for as long as each batch took. Answers how many chats it purged and whether there may be more. Several
 * processes may do so at once: each chat is purged by one of them.
 */
export function createPurger({ db, log }: PurgerOptions) {
  return async (tenantId: string, turn: Turn): Promise<{ more: boolean; purged: number }> => {
    let sum = 0;
    do {
      const begun = performance.now();
      const { ripe, purged, left, failures } = await purgeBatch(db, tenantId, batchSize);
      sum += purged;
      for (const err of failures)
        log.warn({ err }, "A chat could not be purged from the trash; trying again later");
      // What somebody else has locked is looked for again later.
      if (ripe < batchSize || left === ripe) return { more: false, purged: sum };
      await turn.rest(performance.now() - begun);
    } while (!(await turn.isOver()));
    return { more: true, purged: sum };
  };
}
