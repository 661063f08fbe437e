import { removeReplacedJobs } from "../erasure/remove-replaced-jobs.ts";
import type { Work, WorkOptions } from "../jobs/work.ts";
import { deliverDue } from "./deliver-due.ts";
import { deliverPayload, deliverTask, enqueueDueWebhooks, enqueueWebhook } from "./deliver-task.ts";
import { fanOut } from "./fan-out.ts";
import { pruneDeliveries } from "./prune-deliveries.ts";

/** Then a webhook goes to the end of the queue, so that a slow one does not hold up the others. */
const sliceMs = 2_000;

/** Tells webhooks of what has happened. */
export function webhookWork({ db, signal, webhooks: options }: WorkOptions): Work {
  return {
    concurrency: 4,
    tasks: {
      [deliverTask]: async (payload) => {
        const endpoint = deliverPayload.parse(payload);
        const more = await deliverDue({ db, endpoint, options, sliceMs, signal });
        if (more && !signal.aborted) await enqueueWebhook(db, endpoint);
      },
    },
    sweeps: [
      {
        what: "webhooks",
        // Deliveries leave within a second of the commit.
        everyMs: 250,
        run: async () => {
          await fanOut(db);
          await enqueueDueWebhooks(db);
        },
      },
      {
        what: "the log of webhooks",
        everyMs: 60_000,
        run: async () => {
          await pruneDeliveries(db, options.keepMs);
          await removeReplacedJobs(db, deliverTask);
        },
      },
    ],
  };
}
