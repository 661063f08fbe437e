import {
  cancelDeletionJob,
  createDeletionJob,
  getDeletionJob,
  listDeletionJobFailures,
  listDeletionJobs,
  previewDeletion,
} from "@lethe/core";
import { presentPage } from "../present.ts";
import { presentJob, presentJobFailure, presentPreview } from "../present-job.ts";
import {
  createDeletionJobInputSchema,
  deletionJobFailurePageSchema,
  deletionJobPageSchema,
  deletionJobPathSchema,
  deletionJobSchema,
  deletionPreviewSchema,
  listDeletionJobFailuresSchema,
  listDeletionJobsSchema,
  previewDeletionInputSchema,
} from "../schemas/index.ts";
import { t } from "./init.ts";
import { deleting } from "./procedures.ts";

/** `deletionJob.*`: the same verbs and schemas as REST; `preview` is its `dry_run`. */
export const deletionJobRouter = t.router({
  create: deleting(createDeletionJobInputSchema)
    .output(deletionJobSchema)
    .mutation(async ({ ctx, input: { filter, force, max_deletions } }) =>
      presentJob(await createDeletionJob(ctx.core, { filter, force, maxDeletions: max_deletions }), ctx),
    ),

  preview: deleting(previewDeletionInputSchema)
    .output(deletionPreviewSchema)
    .query(async ({ ctx, input: { filter } }) =>
      presentPreview(await previewDeletion(ctx.core, { filter }), ctx.mayRead),
    ),

  list: deleting(listDeletionJobsSchema)
    .output(deletionJobPageSchema)
    .query(async ({ ctx, input }) =>
      presentPage(await listDeletionJobs(ctx.core, input), (job) => presentJob(job, ctx)),
    ),

  byId: deleting(deletionJobPathSchema)
    .output(deletionJobSchema)
    .query(async ({ ctx, input }) =>
      presentJob(await getDeletionJob(ctx.core, { jobId: input.job_id }), ctx),
    ),

  failures: deleting(listDeletionJobFailuresSchema)
    .output(deletionJobFailurePageSchema)
    .query(async ({ ctx, input: { job_id, ...page } }) =>
      presentPage(await listDeletionJobFailures(ctx.core, { jobId: job_id, ...page }), presentJobFailure),
    ),

  cancel: deleting(deletionJobPathSchema)
    .output(deletionJobSchema)
    .mutation(async ({ ctx, input }) =>
      presentJob(await cancelDeletionJob(ctx.core, { jobId: input.job_id }), ctx),
    ),
});
