import {
  cancelDeletionJob,
  createDeletionJob,
  getDeletionJob,
  listDeletionJobFailures,
  listDeletionJobs,
  previewDeletion,
} from "@lethe/core";
import type { ApiApp } from "../http/env.ts";
import { limitBody, restBodySize } from "../http/limit-body.ts";
import { presentPage } from "../present.ts";
import { presentJob, presentJobFailure, presentPreview } from "../present-job.ts";
import type { Services } from "../services.ts";
import {
  cancelDeletionJobRoute,
  createDeletionJobRoute,
  getDeletionJobRoute,
  listDeletionJobFailuresRoute,
  listDeletionJobsRoute,
} from "./deletion-job-routes.ts";
import { guard } from "./guard.ts";

/** Deletion jobs of `/api/v1`. */
export function mountDeletionJobs(app: ApiApp, services: Services): void {
  const remove = guard(services, "chats:delete");

  app.openapi({ ...createDeletionJobRoute, middleware: [remove, limitBody(restBodySize)] }, async (c) => {
    const { filter, force, max_deletions, dry_run } = c.req.valid("json");
    if (dry_run) return c.json(presentPreview(await previewDeletion(c.var.core, { filter })), 200);
    const job = await createDeletionJob(c.var.core, { filter, force, maxDeletions: max_deletions });
    return c.json(presentJob(job), 202, { Location: `/api/v1/deletion-jobs/${job.id}` });
  });

  app.openapi({ ...listDeletionJobsRoute, middleware: remove }, async (c) => {
    const page = await listDeletionJobs(c.var.core, c.req.valid("query"));
    return c.json(presentPage(page, presentJob), 200);
  });

  app.openapi({ ...getDeletionJobRoute, middleware: remove }, async (c) => {
    const job = await getDeletionJob(c.var.core, { jobId: c.req.valid("param").job_id });
    return c.json(presentJob(job), 200);
  });

  app.openapi({ ...listDeletionJobFailuresRoute, middleware: remove }, async (c) => {
    const { job_id: jobId } = c.req.valid("param");
    const page = await listDeletionJobFailures(c.var.core, { jobId, ...c.req.valid("query") });
    return c.json(presentPage(page, presentJobFailure), 200);
  });

  app.openapi({ ...cancelDeletionJobRoute, middleware: remove }, async (c) => {
    const job = await cancelDeletionJob(c.var.core, { jobId: c.req.valid("param").job_id });
    return c.json(presentJob(job), 200);
  });
}
