import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context.ts";
import type { DeletionJob } from "./deletion-job.ts";
import { getDeletionJob } from "./get-deletion-job.ts";
import { runStep } from "./run-step.ts";

/** How long it waits for a step that is under way, and how often it looks; milliseconds. */
const wait = { most: 3_000, pause: 25 };

/**
 * Stops a job. The step that is under way deletes nothing more or is committed as a whole; then the job ends,
 * and the answer says exactly what it has done. A job that has ended stays as it is.
 *
 * Should that step take unusually long, the answer is a job that still runs, with `cancelRequested`.
 * Throws NOT_FOUND (deletion_job_not_found).
 */
export async function cancelDeletionJob(ctx: Context, { jobId }: { jobId: string }): Promise<DeletionJob> {
  const { db, tenantId } = ctx;
  const asked = await db.$executeRaw`
    UPDATE deletion_job SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
    WHERE tenant_id = ${tenantId}::uuid AND id = ${jobId}::uuid AND finished_at IS NULL`;
  const end = performance.now() + wait.most;
  while (asked > 0 && performance.now() < end) {
    // A step of a job that is to stop does nothing but end it.
    const { state } = await runStep(db, { tenantId, jobId }, { size: 1 });
    if (state === "ended") break;
    await sleep(wait.pause);
  }
  return getDeletionJob(ctx, { jobId });
}
