import type { Metrics } from "@lethe/api";
import { startJobs } from "@lethe/core";
import type { Database, DatabaseAddress } from "@lethe/db";
import type { Logger } from "pino";
import { within } from "./run-program.ts";

/** How long a batch of a job that is under way may take when all is stopped; milliseconds. */
const closeTimeoutMs = 2_000;

type Options = {
  database: DatabaseAddress;
  db: Database;
  log: Logger;
  metrics: Metrics;
  webhookPrivate: boolean;
  /** Told when no jobs can be taken from the queue for longer than a moment, and when they can again. */
  onTaking: (taking: boolean) => void;
};

/** Works on background jobs and tells of them in the metrics. Rejects when the queue cannot be reached now. */
export async function startJobsMeasured({ database, db, log, metrics, webhookPrivate, onTaking }: Options) {
  const jobs = await startJobs({
    url: database.directUrl,
    db,
    log,
    onTaking,
    webhooks: { allowPrivate: webhookPrivate },
    onErased: (messages) => metrics.erasedMessages.inc(messages),
    onDeleted: (chats) => metrics.deletes.inc({ outcome: "deleted" }, chats),
    onBacklog: ({ pending, oldestMs }) => {
      metrics.pendingErasures.set(pending);
      metrics.oldestPendingErasure.set((oldestMs ?? 0) / 1_000);
    },
    onWebhookBacklog: ({ behind, oldestMs }) => {
      metrics.webhooksBehind.set(behind);
      metrics.oldestDueWebhook.set((oldestMs ?? 0) / 1_000);
    },
  });
  const trouble = (err: unknown) => log.warn({ err }, "Jobs under way were left to others");
  return { close: () => within(closeTimeoutMs, jobs.close(), trouble) };
}
