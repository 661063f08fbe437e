import { removeReplacedJobs } from "../erasure/remove-replaced-jobs.ts";
import type { Work, WorkOptions } from "../jobs/work.ts";
import { startDueRetention } from "../retention/start-due-retention.ts";
import { deletionJobTask, enqueueJob, enqueueLostJobs, jobPayload } from "./queue-jobs.ts";
import { removeOldJobs } from "./remove-old-jobs.ts";
import { runDeletionJob } from "./run-deletion-job.ts";

/** Then the job goes to the end of the queue, so that a large one does not hold up small ones. */
const sliceMs = 2_000;

/** Works on deletion jobs, and makes those that retention asks for. */
export function deletionJobWork({ db, log, signal, onDeleted, lostAfter }: WorkOptions): Work {
  return {
    concurrency: 2,
    tasks: {
      [deletionJobTask]: async (payload) => {
        const job = jobPayload.parse(payload);
        const { more } = await runDeletionJob({ db, job, sliceMs, signal, log, onDeleted });
        if (more) await enqueueJob(db, job);
      },
    },
    sweeps: [
      {
        what: "deletion jobs",
        everyMs: 5_000,
        run: async () => {
          await enqueueLostJobs(db, lostAfter);
          await removeReplacedJobs(db, deletionJobTask);
        },
      },
      { what: "old deletion jobs", everyMs: 600_000, run: () => removeOldJobs(db) },
      {
        what: "retention",
        everyMs: 60_000,
        run: async () => {
          for (const job of await startDueRetention(db)) await enqueueJob(db, job);
        },
      },
    ],
  };
}
