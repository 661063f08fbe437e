import { type Database, type RunningJobs, runJobs } from "@lethe/db";
import { deletionJobWork } from "../deletion-jobs/deletion-job-work.ts";
import { lostAfter } from "../erasure/enqueue-lost-erasures.ts";
import { erasureWork } from "../erasure/erasure-work.ts";
import { retryWork } from "../idempotency/prune-keys.ts";
import { trashWork } from "../trash/trash-work.ts";
import { type WebhookOptions, webhookDefaults } from "../webhooks/webhook-options.ts";
import { webhookWork } from "../webhooks/webhook-work.ts";
import { runSweeps } from "./run-sweeps.ts";
import type { Work, WorkOptions } from "./work.ts";

/** All background work that there is. Each kind has workers of its own. */
const kinds: ((options: WorkOptions) => Work)[] = [
  erasureWork,
  deletionJobWork,
  retryWork,
  trashWork,
  webhookWork,
];

export type StartJobs = {
  url: string;
  db: Database;
  log: WorkOptions["log"];
  onErased?: WorkOptions["onErased"];
  onBacklog?: WorkOptions["onBacklog"];
  onDeleted?: WorkOptions["onDeleted"];
  onAttempt?: WorkOptions["onAttempt"];
  lostAfter?: WorkOptions["lostAfter"];
  /** How webhooks are delivered, where that is not by the defaults. */
  webhooks?: Partial<WebhookOptions>;
  /** A factor for the intervals at which things are looked after; default 1. */
  pace?: number;
};

export type Jobs = {
  /** Ends with the batches under way; what is left is gone on with by others, or at the next start. */
  close(): Promise<void>;
};

/**
 * Works in the background on what has been asked for and on what falls due. Several processes may do so at
 * once. It survives the loss of the database, and begins with what was left lying before.
 *
 * Rejects when the queue cannot be reached now.
 */
export async function startJobs({
  url,
  db,
  log,
  onErased = () => {},
  onBacklog = () => {},
  onDeleted = () => {},
  onAttempt = () => {},
  lostAfter: after = lostAfter,
  webhooks,
  pace = 1,
}: StartJobs): Promise<Jobs> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const options = { db, log, signal, onErased, onBacklog, onDeleted, onAttempt, lostAfter: after };
  const works = kinds.map((kind) => kind({ ...options, webhooks: { ...webhookDefaults, ...webhooks } }));
  const running: RunningJobs[] = [];
  const stopAll = () => Promise.all(running.map((jobs) => jobs.stop()));
  try {
    for (const { tasks, concurrency } of works) {
      if (concurrency > 0) running.push(await runJobs({ url, tasks, concurrency, log }));
    }
  } catch (error) {
    stopping.abort();
    await stopAll();
    throw error;
  }
  const stopSweeps = runSweeps(
    works.flatMap(({ sweeps }) => sweeps),
    { log, signal },
    pace,
  );
  const runs = works.map((work) => work.run?.());

  const close = async () => {
    stopping.abort();
    await Promise.all([stopAll(), stopSweeps(), ...runs]);
  };
  let closed: Promise<void> | undefined;
  return {
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
