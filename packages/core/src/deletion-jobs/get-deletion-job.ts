import type { Context } from "../context.ts";
import { LetheError } from "../errors.ts";
import type { DeletionJob } from "./deletion-job.ts";
import { jobColumns, jobRows } from "./job-row.ts";

/** A job as it is now. Throws NOT_FOUND (deletion_job_not_found); a job of another tenant is the same answer. */
export async function getDeletionJob(ctx: Context, { jobId }: { jobId: string }): Promise<DeletionJob> {
  const job = await findDeletionJob(ctx, jobId);
  if (job === undefined)
    throw new LetheError("NOT_FOUND", "deletion_job_not_found", "Deletion job not found");
  return job;
}

/** A job as it is now, or undefined. */
export async function findDeletionJob(ctx: Context, jobId: string): Promise<DeletionJob | undefined> {
  const rows = await ctx.db.$queryRaw`
    SELECT ${jobColumns} FROM deletion_job AS job
    WHERE job.tenant_id = ${ctx.tenantId}::uuid AND job.id = ${jobId}::uuid`;
  return jobRows.parse(rows)[0];
}
