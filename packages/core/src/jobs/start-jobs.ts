import { type Database, runJobs } from "@lethe/db";
import { titleWork } from "../chats/folded-titles.ts";
import { deletionJobWork } from "../deletion-jobs/deletion-job-work.ts";
import { erasureWork } from "../erasure/erasure-work.ts";
import { retryWork } from "../idempotency/prune-keys.ts";
import { trashWork } from "../trash/trash-work.ts";
import { type WebhookOptions, webhookDefaults } from "../webhooks/webhook-options.ts";
import { webhookWork } from "../webhooks/webhook-work.ts";
import { runSweeps } from "./run-sweeps.ts";
import { takingTurns } from "./take-turns.ts";
import { enqueueWaiting, lostAfter, removeReplacedJobs, type TenantTask } from "./tenant-queue.ts";
import type { Sweep, Work, WorkOptions } from "./work.ts";

/** Each of these has workers of its own: what people wait for, and what is tidied up afterwards. */
const kinds: { makers: ((options: WorkOptions) => Work)[]; concurrency: number }[] = [
  { makers: [deletionJobWork], concurrency: 2 },
  { makers: [erasureWork, trashWork, titleWork], concurrency: 2 },
  { makers: [webhookWork, retryWork], concurrency: 0 },
];

/** How many of these have jobs of the queue, and so a lane of workers each. */
export const jobLanes = kinds.filter(({ concurrency }) => concurrency > 0).length;

export type StartJobs = {
  /** An address of the database that gives sessions. */
  url: string;
  db: Database;
  log: WorkOptions["log"];
  onErased?: WorkOptions["onErased"];
  onBacklog?: WorkOptions["onBacklog"];
  onDeleted?: WorkOptions["onDeleted"];
  onWebhookBacklog?: WorkOptions["onWebhookBacklog"];
  onAttempt?: WorkOptions["onAttempt"];
  /** Told when no jobs can be taken from the queue for longer than a moment, and when they can again. */
  onTaking?: (taking: boolean) => void;
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
  webhooks,
  onTaking = () => {},
  pace = 1,
  ...rest
}: StartJobs): Promise<Jobs> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const options: WorkOptions = {
    ...{ onErased: () => {}, onBacklog: () => {}, onDeleted: () => {} },
    ...{ onWebhookBacklog: () => {}, onAttempt: () => {} },
    ...{ lostAfter, ...rest },
    ...{ db, log, signal, webhooks: { ...webhookDefaults, ...webhooks } },
  };
  const lanes = kinds.map(({ makers, concurrency }) => ({
    works: makers.map((make) => make(options)),
    concurrency,
  }));
  const works = lanes.flatMap((lane) => lane.works);
  const running = await runJobs({
    url,
    log,
    onTaking,
    lanes: lanes
      .filter(({ concurrency }) => concurrency > 0)
      .map(({ works, concurrency }) => ({
        concurrency,
        tasks: takingTurns(
          db,
          works.flatMap((work) => work.tasks),
          signal,
        ),
      })),
  }).catch((error: unknown) => {
    stopping.abort();
    throw error;
  });
  const tasks = works.flatMap((work) => work.tasks);
  const sweeps = [...works.flatMap((work) => work.sweeps), ...tasks.map((task) => looking(task, options))];
  const stopSweeps = runSweeps([...sweeps, tidying(tasks, db)], options, pace);
  const runs = works.map((work) => work.run?.());

  const close = async () => {
    stopping.abort();
    await Promise.all([running.stop(), stopSweeps(), ...runs]);
  };
  let closed: Promise<void> | undefined;
  return {
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

/** Finds what is to be done of a kind. */
function looking(task: TenantTask, { db, lostAfter: lost }: WorkOptions): Sweep {
  let place: string | undefined;
  return {
    what: `work of the kind ${task.name}`,
    everyMs: 5_000,
    run: async () => {
      place = await enqueueWaiting(db, task, lost, place);
    },
  };
}

const tidying = (tasks: TenantTask[], db: Database): Sweep => ({
  what: "jobs that were replaced",
  everyMs: 60_000,
  run: () =>
    removeReplacedJobs(
      db,
      tasks.map(({ name }) => name),
    ),
});
