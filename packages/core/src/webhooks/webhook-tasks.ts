import type { TaskModule, TaskOptions } from "../background/task-module.ts";
import { createDeliverer } from "./deliverer.ts";
import { freeOverlongLeases } from "./endpoint-leases.ts";
import { fanOut } from "./fan-out.ts";
import { pruneDeliveries, pruneMessages, wakeOverlooked } from "./prune-log.ts";
import { readWebhookBacklog } from "./read-webhook-backlog.ts";

/** How often it looks for webhooks that other processes have made due or left; milliseconds. */
const pollMs = 500;

/** Tells webhooks of what has happened. */
export function webhookTasks(work: TaskOptions): TaskModule {
  const { db, log, signal, webhooks: options, onWebhookBacklog, onAttempt } = work;
  const deliverer = createDeliverer({ db, options, log, signal, onAttempt, pollMs });
  return {
    tasks: [],
    run: deliverer.run,
    sweeps: [
      {
        what: "events for webhooks",
        // Deliveries leave within a second of the commit.
        everyMs: 250,
        run: async () => {
          await fanOut(db, deliverer.wake);
        },
      },
      {
        what: "webhooks that are behind",
        everyMs: 10_000,
        run: async () => {
          await wakeOverlooked(db);
          onWebhookBacklog(await readWebhookBacklog(db));
        },
      },
      {
        what: "the log of webhooks",
        everyMs: 60_000,
        run: async () => {
          await pruneDeliveries(db, options.keepMs);
          await pruneMessages(db, options.keepMs);
          await freeOverlongLeases(db, options.leaseMs);
        },
      },
    ],
  };
}
