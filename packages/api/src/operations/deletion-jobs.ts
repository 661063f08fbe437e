import type * as core from "@lethe/core";
import {
  cancelDeletionJob,
  createDeletionJob,
  type DeletionJob,
  getDeletionJob,
  isDeleting,
  listDeletionJobFailures,
  listDeletionJobs,
  previewDeletion,
  requireScope,
  undoDeletionJob,
} from "@lethe/core";
import { z } from "zod";
import { presentChanged, presentPage } from "../present.ts";
import type * as wire from "../schemas/index.ts";
import {
  chatFilterSchema,
  deletionJobFailurePageSchema,
  deletionJobPageSchema,
  deletionJobPathSchema,
  deletionJobSchema,
  deletionPreviewSchema,
  pageInput,
  strictInput,
  wholeNumber,
} from "../schemas/index.ts";
import type { Call } from "./admit.ts";
import { mutation, query } from "./operation.ts";

const path = "/deletion-jobs";
const one = `${path}/{job_id}` as const;
const tag = "Deletion jobs";

/** Closes live connections instead of leaving their chats. */
const force = z.boolean("force must be true or false").default(false);
const maxDeletions = wholeNumber("max_deletions", { min: 1 });

type Filter = { filter: core.ChatFilter };

export const preview = async ({ core, mayRead }: Call, { filter }: Filter) =>
  presentPreview(await previewDeletion(core, { filter }), mayRead);

/** `deletionJob.*` over tRPC, `/deletion-jobs` over REST. */
export const deletionJobs = {
  create: mutation({
    name: "deletionJob.create",
    scope: "chats:delete",
    summary: "Delete all chats that a filter matches",
    description:
      "Answers 202 at once; the work is done in the background and survives crashes. Only chats that were created " +
      "before the job was asked for are deleted, and each only if it matches at the moment of its deletion. " +
      "Chats on hold are left, and so are those with live connections unless `force` is given. With `dry_run` " +
      "nothing is deleted and the answer tells what a job would find.",
    input: strictInput(
      { filter: chatFilterSchema, force, max_deletions: maxDeletions.optional() },
      "Send a JSON object with a filter",
    ).meta({ id: "CreateDeletionJob" }),
    output: deletionJobSchema,
    rest: {
      method: "post",
      path,
      operationId: "createDeletionJob",
      tag,
      status: 202,
      answer: "The job",
      location: { of: ({ id }) => `/api/v1/deletion-jobs/${id}`, description: "Where to look at the job" },
      dryRun: {
        answer: "With dry_run: what a job would find",
        output: deletionPreviewSchema,
        run: preview,
      },
      problems: { CONFLICT: "20 jobs of yours have not ended (`too_many_jobs`)" },
    },
    run: async ({ core, mayRead }, { filter, force, max_deletions }) =>
      presentJob(await createDeletionJob(core, { filter, force, maxDeletions: max_deletions }), mayRead),
  }),

  preview: query({
    name: "deletionJob.preview",
    scope: "chats:delete",
    summary: "See what a deletion job would find",
    input: strictInput({ filter: chatFilterSchema, force }),
    output: deletionPreviewSchema,
    // There it is the `dry_run` of a creation.
    rest: null,
    run: preview,
  }),

  list: query({
    name: "deletionJob.list",
    scope: "chats:trash",
    summary: "List jobs that delete or move chats, newest first",
    input: strictInput(pageInput),
    output: deletionJobPageSchema,
    rest: { method: "get", path, operationId: "listDeletionJobs", tag, answer: "A page of jobs" },
    run: async ({ core, mayRead }, page) =>
      presentPage(await listDeletionJobs(core, page), (job: DeletionJob) => presentJob(job, mayRead)),
  }),

  byId: query({
    name: "deletionJob.byId",
    scope: "chats:trash",
    summary: "See how far a deletion job is",
    input: deletionJobPathSchema,
    output: deletionJobSchema,
    rest: { method: "get", path: one, operationId: "getDeletionJob", tag, answer: "The job" },
    run: async ({ core, mayRead }, { job_id }) =>
      presentJob(await getDeletionJob(core, { jobId: job_id }), mayRead),
  }),

  failures: query({
    name: "deletionJob.failures",
    scope: "chats:trash",
    summary: "List the chats that a deletion job matched and did not delete",
    input: strictInput({ ...pageInput, ...deletionJobPathSchema.shape }),
    output: deletionJobFailurePageSchema,
    rest: {
      method: "get",
      path: `${one}/failures`,
      operationId: "listDeletionJobFailures",
      tag,
      answer: "A page of chats",
    },
    run: async ({ core }, { job_id, ...page }) =>
      presentPage(await listDeletionJobFailures(core, { jobId: job_id, ...page }), presentJobFailure),
  }),

  cancel: mutation({
    name: "deletionJob.cancel",
    scope: "chats:trash",
    summary: "Stop a job",
    description:
      "Answers when the job has stopped, within a second, with exact counts of what it has done. What is deleted " +
      "stays deleted, what is moved stays moved. A job that has ended stays as it is. One that deletes is stopped by who " +
      "has `chats:delete`.",
    input: deletionJobPathSchema,
    output: deletionJobSchema,
    rest: {
      method: "post",
      path: `${one}/cancel`,
      operationId: "cancelDeletionJob",
      tag,
      answer: "The job as it is now",
    },
    run: async ({ core, principal, mayRead }, { job_id: jobId }) => {
      const { kind } = await getDeletionJob(core, { jobId });
      if (isDeleting(kind)) requireScope(principal, "chats:delete");
      return presentJob(await cancelDeletionJob(core, { jobId }), mayRead);
    },
  }),

  undo: mutation({
    name: "deletionJob.undo",
    scope: "chats:trash",
    summary: "Take back what a job has moved into the trash",
    description:
      "Stops the job if it has not ended, and answers a job that restores the chats that it has moved and that lie in " +
      "the trash since. Those that were restored, deleted or trashed anew meanwhile are left as they are.",
    input: deletionJobPathSchema,
    output: deletionJobSchema,
    rest: {
      method: "post",
      path: `${one}/undo`,
      operationId: "undoDeletionJob",
      tag,
      status: 202,
      answer: "The job that restores them",
      location: { of: ({ id }) => `/api/v1/deletion-jobs/${id}`, description: "Where to look at the job" },
      problems: { CONFLICT: "It is no job that moves into the trash (`not_undoable`), or `too_many_jobs`" },
    },
    run: async ({ core, mayRead }, { job_id }) =>
      presentJob(await undoDeletionJob(core, { jobId: job_id }), mayRead),
  }),
};

const time = (at: Date | undefined) => at?.toISOString();

/** A deletion job of core in the words of the API. What it searches for is shown to who may read. */
export const presentJob = (job: core.DeletionJob, mayRead: boolean): wire.DeletionJob => ({
  id: job.id,
  kind: job.kind,
  state: job.state,
  filter: presentFilter(job.filter, mayRead),
  force: job.force,
  max_deletions: job.maxDeletions,
  matched: job.matched,
  processed: job.processed,
  counts: job.counts,
  limit_reached: job.limitReached,
  cancel_requested: job.cancelRequested,
  undo_of: job.undoOf,
  actor: job.actor,
  created_at: job.createdAt.toISOString(),
  started_at: job.startedAt?.toISOString() ?? null,
  finished_at: job.finishedAt?.toISOString() ?? null,
  error: job.error,
});

const presentFilter = (
  { q, state, ...filter }: core.DeletionJob["filter"],
  withSearch: boolean,
): wire.DeletionJob["filter"] => ({
  ...(q !== undefined && { q: withSearch ? q : null }),
  state,
  ...(filter.createdBefore && { created_before: time(filter.createdBefore) }),
  ...(filter.createdAfter && { created_after: time(filter.createdAfter) }),
  ...(filter.updatedBefore && { updated_before: time(filter.updatedBefore) }),
  ...(filter.updatedAfter && { updated_after: time(filter.updatedAfter) }),
  ...(filter.minMessages !== undefined && { min_messages: filter.minMessages }),
  ...(filter.maxMessages !== undefined && { max_messages: filter.maxMessages }),
  ...(filter.held !== undefined && { held: filter.held }),
  ...(filter.live !== undefined && { live: filter.live }),
  ...(filter.createdBy !== undefined && { created_by: filter.createdBy }),
  ...(filter.trashedBy !== undefined && { trashed_by: filter.trashedBy }),
  ...(filter.exportedAfter && { exported_after: time(filter.exportedAfter) }),
});

/** A chat that a job did not delete, in the words of the API. */
const presentJobFailure = (failure: core.DeletionJobFailure): wire.DeletionJobFailure => ({
  chat_id: failure.chatId,
  outcome: failure.outcome,
  at: failure.at.toISOString(),
});

/** What a job would find, in the words of the API. */
export const presentPreview = (preview: core.DeletionPreview, mayRead: boolean): wire.DeletionPreview => ({
  dry_run: true,
  matched: preview.matched,
  sample: preview.sample.map((chat) => presentChanged(chat, mayRead)),
  blockers: {
    active_connections: preview.blockers.activeConnections,
    on_hold: preview.blockers.onHold,
  },
  blocked: {
    active_connections: preview.blocked.activeConnections.map((chat) => presentChanged(chat, mayRead)),
    on_hold: preview.blocked.onHold.map((chat) => presentChanged(chat, mayRead)),
  },
  as_of: preview.asOf.toISOString(),
  complete: preview.complete,
});
