import { titleTasks } from "../chats/folded-titles.ts";
import { deletionJobTasks } from "../deletion-jobs/deletion-job-tasks.ts";
import { erasureTasks } from "../erasure/erase-transcripts.ts";
import { idempotencyTasks } from "../idempotency/prune-keys.ts";
import { leavingTasks } from "../leaving/leaving-tasks.ts";
import { ledgerTasks } from "../ledger/prune-ledger.ts";
import { messageTasks } from "../messages/index-messages.ts";
import { trashTasks } from "../trash/trash-tasks.ts";
import { onWake } from "../wake-background.ts";
import { type WebhookOptions, webhookDefaults } from "../webhooks/webhook-options.ts";
import { webhookTasks } from "../webhooks/webhook-tasks.ts";
import { runSweeps } from "./run-sweeps.ts";
import type { TaskModule, TaskOptions } from "./task-module.ts";
import { createLane } from "./tenant-turns.ts";

/** Each lane has turns of its own: what people wait for, and what is tidied up afterwards. */
const lanes: { makers: ((options: TaskOptions) => TaskModule)[]; concurrency: number }[] = [
  { makers: [deletionJobTasks], concurrency: 2 },
  { makers: [erasureTasks, trashTasks, titleTasks, messageTasks, ledgerTasks], concurrency: 2 },
  { makers: [webhookTasks, idempotencyTasks], concurrency: 0 },
  { makers: [leavingTasks], concurrency: 1 },
];

/** How long what could not be done is left alone; milliseconds. */
const retryMs = 30_000;

export type StartBackground = Pick<TaskOptions, "db" | "log"> &
  Partial<
    Pick<
      TaskOptions,
      | "onErased"
      | "onBacklog"
      | "onDeleted"
      | "onJobFailed"
      | "onJobBacklog"
      | "onWebhookBacklog"
      | "onAttempt"
    >
  > & {
    /** Told when nobody could look for what is to be done for longer than a moment, and when it can again. */
    onWorking?: (working: boolean) => void;
    /** How webhooks are delivered, where that is not by the defaults. */
    webhooks?: Partial<WebhookOptions>;
    /** A factor for the intervals at which things are looked after; default 1. */
    pace?: number;
  };

export type Background = {
  /** Ends with the batches under way; what is left is gone on with by others, or at the next start. */
  close(): Promise<void>;
};

/**
 * Works in the background on what has been asked for and on what falls due. The tables say what that is, so it begins
 * with what was left lying before, and survives the loss of the database. Several processes may do so at once.
 */
export function startBackground({ webhooks, onWorking, pace = 1, ...given }: StartBackground): Background {
  const stopping = new AbortController();
  const { signal } = stopping;
  const options: TaskOptions = {
    ...{ onErased: () => {}, onBacklog: () => {}, onDeleted: () => {} },
    ...{ onJobFailed: () => {}, onJobBacklog: () => {}, onWebhookBacklog: () => {}, onAttempt: () => {} },
    ...given,
    ...{ signal, retryMs: retryMs * pace, webhooks: { ...webhookDefaults, ...webhooks } },
  };
  const started = lanes.map(({ makers, concurrency }) => {
    const modules = makers.map((make) => make(options));
    const tasks = modules.flatMap((module) => module.tasks);
    return { modules, tasks, lane: createLane({ ...options, tasks, concurrency, pace }) };
  });
  const modules = started.flatMap((one) => one.modules);
  const byTask = new Map(
    started.flatMap(({ tasks, lane }) => tasks.map((task) => [task.name, { task, lane }])),
  );
  const stopWaking = onWake(options.db, (name, tenantId) => {
    const found = byTask.get(name);
    found?.lane.wake(found.task, tenantId);
  });
  const sweeps = [...modules, ...started.map(({ lane }) => lane)].flatMap((one) => one.sweeps);
  const stopSweeps = runSweeps(sweeps, { ...options, pace, ...(onWorking && { onWorking }) });
  const runs = modules.map((module) => module.run?.());

  const close = async () => {
    stopping.abort();
    stopWaking();
    await Promise.all([stopSweeps(), ...started.map(({ lane }) => lane.finished()), ...runs]);
  };
  let closed: Promise<void> | undefined;
  return {
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
