import type { Database } from "@lethe/db";
import { claimJob } from "./claim-job.ts";
import type { JobRef } from "./deletion-job.ts";
import { recordStep } from "./record-step.ts";

const reason =
  "The database refused to go on again and again; the server's log has the cause. Ask for a new job when it is solved";

/** Ends a job that cannot go on. False if somebody else has it just now. */
export function failJob(db: Database, ref: JobRef): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const job = await claimJob(tx, ref);
    if (job === undefined) return false;
    if (!job.ended) await recordStep(tx, job, { end: "failed", error: reason });
    return true;
  });
}
