import type { Database } from "@lethe/db";
import { limits } from "../limits.ts";
import { enqueueErasures } from "./enqueue-erasures.ts";
import type { Erasure } from "./erasure.ts";

/** Erasures of a database that wait for the enqueuing that is under way. */
const waiting = new WeakMap<Database, Erasure[]>();

/**
 * Has transcripts erased soon, after the commit that left them behind. Never waits and never fails: the
 * ledger is what promises the erasure, and `enqueueLostErasures` finds what did not get into the queue.
 *
 * One transaction at a time enqueues all that came meanwhile: those that notify commit one by one.
 */
export function announceErasures(db: Database, erasures: readonly Erasure[]): void {
  if (erasures.length === 0) return;
  const queue = waiting.get(db);
  if (queue === undefined) void enqueueAll(db, [...erasures]);
  else if (queue.length < limits.deleteBatch) queue.push(...erasures);
}

async function enqueueAll(db: Database, first: Erasure[]): Promise<void> {
  for (let next = first; next.length > 0; next = waiting.get(db) ?? []) {
    waiting.set(db, []);
    await enqueueErasures(db, next).catch(() => {});
  }
  waiting.delete(db);
}
