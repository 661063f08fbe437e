import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@lethe/db";
import { purgeBatch } from "./purge-batch.ts";

/** Small enough for deletions that people wait for to get their turn in between. */
const batchSize = 100;
/** Then others get their turn too: the next sweep goes on. */
const mostBatches = 100;

export type PurgeTrash = {
  db: Database;
  log: { warn(fields: object, message: string): void };
  /** Ends after the batch that is under way. */
  signal: AbortSignal;
};

/**
 * Purges what is due, batch by batch, and leaves the database to others for as long as each took. Answers how many
 * chats it purged. Several processes may do so at once: each chat is purged by one of them.
 */
export async function purgeTrash({ db, log, signal }: PurgeTrash): Promise<number> {
  let sum = 0;
  for (let batch = 0; batch < mostBatches && !signal.aborted; batch += 1) {
    const begun = performance.now();
    const { ripe, purged, failures } = await purgeBatch(db, batchSize);
    sum += purged;
    for (const err of failures)
      log.warn({ err }, "A chat could not be purged from the trash; trying again later");
    if (ripe < batchSize) break;
    await sleep(performance.now() - begun, undefined, { signal }).catch(() => {});
  }
  return sum;
}
