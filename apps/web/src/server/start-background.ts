import type { Metrics } from "@lethe/api";
import { startBackground } from "@lethe/core";
import type { Database } from "@lethe/db";
import type { Logger } from "pino";
import { within } from "./run-program.ts";

/** How long a batch that is under way may take when all is stopped; milliseconds. */
const closeTimeoutMs = 2_000;

type Options = {
  db: Database;
  log: Logger;
  metrics: Metrics;
  webhookPrivate: boolean;
  /** Told when nobody could look for what is to be done for longer than a moment, and when it can again. */
  onWorking: (working: boolean) => void;
};

/** Does the background work and tells of it in the metrics. */
export function startMeasuredBackground({ db, log, metrics, webhookPrivate, onWorking }: Options) {
  const background = startBackground({
    db,
    log,
    onWorking,
    webhooks: { allowPrivate: webhookPrivate },
    onErased: (messages) => metrics.erasedMessages.inc(messages),
    onDeleted: (chats) => metrics.deletes.inc({ outcome: "deleted" }, chats),
    onBacklog: ({ pending, messages, oldestMs }) => {
      metrics.pendingErasureMessages.set(messages);
      metrics.pendingErasures.set(pending);
      metrics.oldestPendingErasure.set((oldestMs ?? 0) / 1_000);
    },
    onWebhookBacklog: ({ behind, failing, oldestMs }) => {
      metrics.webhooksBehind.set(behind);
      metrics.webhooksFailing.set(failing);
      metrics.oldestDueWebhook.set((oldestMs ?? 0) / 1_000);
    },
    onAttempt: (result) => metrics.webhookAttempts.inc({ result }),
    onJobFailed: () => metrics.failedJobs.inc(),
    onJobBacklog: ({ open, oldestMs }) => {
      metrics.openJobs.set(open);
      metrics.oldestOpenJob.set((oldestMs ?? 0) / 1_000);
    },
  });
  const trouble = (err: unknown) => log.warn({ err }, "Background work under way was left to others");
  return { close: () => within(closeTimeoutMs, background.close(), trouble) };
}
