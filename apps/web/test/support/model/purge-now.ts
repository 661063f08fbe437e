import { setTimeout as sleep } from "node:timers/promises";
import { startBackground } from "@lethe/core";
import type { Database } from "@lethe/db";

const patienceMs = 120_000;

/**
 * Lets the time of a chat in the trash be over, and waits until the jobs have purged it or put it off. Nothing is to
 * be done for a chat that is not there or not in the trash.
 *
 * The servers look after the trash only now and then, so this does too, from now until it is done: a background that
 * starts looks at once.
 */
export async function purgeNow(db: Database, chatId: string): Promise<void> {
  const due = await db.$executeRaw`
    UPDATE chat SET trashed_at = trashed_at - interval '31 days', purge_at = clock_timestamp() - interval '1 second'
    WHERE id = ${chatId}::uuid AND trashed_at IS NOT NULL`;
  if (due === 0) return;
  const deadline = performance.now() + patienceMs;
  const background = startBackground({ db, log: { warn: () => {} } });
  try {
    while (await isDue(db, chatId)) {
      if (performance.now() > deadline) throw new Error(`The chat ${chatId} was neither purged nor put off`);
      await sleep(10);
    }
  } finally {
    await background.close();
  }
}

async function isDue(db: Database, chatId: string): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 AS due FROM chat WHERE id = ${chatId}::uuid AND purge_at <= clock_timestamp()`;
  return rows.length > 0;
}
