import { type Database, Prisma } from "@lethe/db";
import type { TaskModule, TaskOptions } from "../background/task-module.ts";
import { isPlacedIn, rowPlace } from "../row-places.ts";
import { keepMs } from "./keys.ts";

const batchSize = 1_000;
const maxBatches = 20;

/**
 * Removes idempotency keys that are older than a day, a bounded number at a time. Answers how many. Several
 * processes may do so at once: each takes others.
 */
export async function pruneKeys(db: Database): Promise<number> {
  let pruned = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const removed = await db.$executeRaw`
      WITH old AS MATERIALIZED (
        SELECT ${rowPlace} FROM idempotency_key
        WHERE created_at < statement_timestamp() - ${keepMs}::integer * interval '1 millisecond'
        ORDER BY created_at
        LIMIT ${batchSize}::integer
        FOR UPDATE SKIP LOCKED
      )
      DELETE FROM idempotency_key WHERE ${isPlacedIn(Prisma.sql`old`)}`;
    pruned += removed;
    if (removed < batchSize) break;
  }
  return pruned;
}

/** Looks after the idempotency keys. */
export function idempotencyTasks({ db }: TaskOptions): TaskModule {
  return {
    tasks: [],
    sweeps: [{ what: "idempotency keys", everyMs: 60_000, run: () => pruneKeys(db) }],
  };
}
