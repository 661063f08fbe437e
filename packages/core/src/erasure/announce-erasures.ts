import type { Database } from "@lethe/db";
import { enqueueTenants } from "../jobs/tenant-queue.ts";
import { type Erasure, eraseTask } from "./erasure.ts";

/** Tenants of a database that wait for the enqueuing that is under way. */
const waiting = new WeakMap<Database, Set<string>>();

/**
 * Has transcripts erased soon, after the commit that left them behind. Never waits and never fails: the
 * ledger is what promises the erasure, and what did not get into the queue is found there.
 *
 * One transaction at a time enqueues all that came meanwhile: those that notify commit one by one.
 */
export function announceErasures(db: Database, erasures: readonly Erasure[]): void {
  if (erasures.length === 0) return;
  const tenants = erasures.map(({ tenantId }) => tenantId);
  const queue = waiting.get(db);
  if (queue === undefined) void enqueueAll(db, new Set(tenants));
  else for (const tenantId of tenants) queue.add(tenantId);
}

async function enqueueAll(db: Database, first: Set<string>): Promise<void> {
  for (let next = first; next.size > 0; next = waiting.get(db) ?? new Set()) {
    waiting.set(db, new Set());
    await enqueueTenants(db, eraseTask, next).catch(() => {});
  }
  waiting.delete(db);
}
