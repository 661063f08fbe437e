import type { Database } from "@lethe/db";

/** What a process does in the background for tenants, by turns. */
export type TaskName =
  | "deletion_jobs"
  | "erasure"
  | "trash_purge"
  | "trash_settings"
  | "title_folding"
  | "title_index"
  | "message_index"
  | "leaving"
  | "ledger_pruning";

type Listener = (task: TaskName, tenantId: string) => void;

const listeners = new WeakMap<Database, Set<Listener>>();

/**
 * Tells the background of this process, if there is one on this client, that tenants have something to do: after the
 * commit that says so. It costs nothing and cannot fail. The tables say what is to be done, and every process looks
 * there: to wake it saves the wait for that look.
 */
export function wakeBackground(db: Database, task: TaskName, tenantIds: Iterable<string>): void {
  const heard = listeners.get(db);
  if (heard === undefined) return;
  for (const tenantId of new Set(tenantIds)) for (const listener of heard) listener(task, tenantId);
}

/** Hears what is woken on a client. Answers a function that ends it. */
export function onWake(db: Database, listener: Listener): () => void {
  const heard = listeners.get(db) ?? new Set();
  listeners.set(db, heard.add(listener));
  return () => {
    heard.delete(listener);
  };
}
