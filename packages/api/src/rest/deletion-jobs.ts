import {
  cancelDeletionJob,
  createDeletionJob,
  getDeletionJob,
  listDeletionJobFailures,
  listDeletionJobs,
  previewDeletion,
} from "@lethe/core";
import type { ApiApp } from "../http/env.ts";
import { presentPage } from "../present.ts";
import { presentJob, presentJobFailure, presentPreview } from "../present-job.ts";
import {
  cancelDeletionJobRoute,
  createDeletionJobRoute,
  getDeletionJobRoute,
  listDeletionJobFailuresRoute,
  listDeletionJobsRoute,
} from "./deletion-job-routes.ts";

/** Deletion jobs of `/api/v1`. */
export function mountDeletionJobs(app: ApiApp): void {
  app.openapi(createDeletionJobRoute, async (c) => {
    const { filter, force, max_deletions, dry_run } = c.req.valid("json");
    if (dry_run)
      return c.json(presentPreview(await previewDeletion(c.var.core, { filter }), c.var.mayRead), 200);
    const job = await createDeletionJob(c.var.core, { filter, force, maxDeletions: max_deletions });
    return c.json(presentJob(job, c.var), 202, { Location: `/api/v1/deletion-jobs/${job.id}` });
  });

  app.openapi(listDeletionJobsRoute, async (c) => {
    const page = await listDeletionJobs(c.var.core, c.req.valid("query"));
    return c.json(
      presentPage(page, (job) => presentJob(job, c.var)),
      200,
    );
  });

  app.openapi(getDeletionJobRoute, async (c) => {
    const job = await getDeletionJob(c.var.core, { jobId: c.req.valid("param").job_id });
    return c.json(presentJob(job, c.var), 200);
  });

  app.openapi(listDeletionJobFailuresRoute, async (c) => {
    const { job_id: jobId } = c.req.valid("param");
    const page = await listDeletionJobFailures(c.var.core, { jobId, ...c.req.valid("query") });
    return c.json(presentPage(page, presentJobFailure), 200);
  });

  app.openapi(cancelDeletionJobRoute, async (c) => {
    const job = await cancelDeletionJob(c.var.core, { jobId: c.req.valid("param").job_id });
    return c.json(presentJob(job, c.var), 200);
  });
}
