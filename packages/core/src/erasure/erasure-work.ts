import type { Work, WorkOptions } from "../jobs/work.ts";
import { enqueueErasures } from "./enqueue-erasures.ts";
import { enqueueLostErasures } from "./enqueue-lost-erasures.ts";
import { eraseTranscript } from "./erase-transcript.ts";
import { eraseTranscriptTask, erasurePayload } from "./erasure.ts";
import { readErasureBacklog } from "./read-erasure-backlog.ts";
import { removeReplacedJobs } from "./remove-replaced-jobs.ts";

/** Then the job goes to the end of the queue, so that a long transcript does not hold up short ones. */
const sliceMs = 2_000;

/** Erases what deletions have left behind. */
export function erasureWork({ db, signal, onErased, onBacklog, lostAfter }: WorkOptions): Work {
  return {
    concurrency: 1,
    tasks: {
      [eraseTranscriptTask]: async (payload) => {
        const erasure = erasurePayload.parse(payload);
        const { more } = await eraseTranscript({ db, erasure, sliceMs, signal, onErased });
        if (more) await enqueueErasures(db, [erasure]);
      },
    },
    sweeps: [
      {
        what: "pending erasures",
        everyMs: 5_000,
        run: async () => {
          await enqueueLostErasures(db, lostAfter);
          await removeReplacedJobs(db);
          onBacklog(await readErasureBacklog(db));
        },
      },
    ],
  };
}
