import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@lethe/db";

const patienceMs = 60_000;

/**
 * Lets the time of a chat in the trash be over, and waits until the jobs have purged it or put it off. Nothing is to
 * be done for a chat that is not there or not in the trash.
 */
export async function purgeNow(db: Database, chatId: string): Promise<void> {
  const due = await db.$executeRaw`
    UPDATE chat SET trashed_at = trashed_at - interval '31 days', purge_at = clock_timestamp() - interval '1 second'
    WHERE id = ${chatId}::uuid AND trashed_at IS NOT NULL`;
  const deadline = performance.now() + patienceMs;
  while (due > 0 && (await isDue(db, chatId))) {
    if (performance.now() > deadline) throw new Error(`The chat ${chatId} was neither purged nor put off`);
    await sleep(10);
  }
}

async function isDue(db: Database, chatId: string): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 AS due FROM chat WHERE id = ${chatId}::uuid AND purge_at <= clock_timestamp()`;
  return rows.length > 0;
}
