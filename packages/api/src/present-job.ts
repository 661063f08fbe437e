import type * as core from "@lethe/core";
import { presentChanged } from "./present.ts";
import type * as wire from "./schemas/index.ts";

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
});

/** A chat that a job did not delete, in the words of the API. */
export const presentJobFailure = (failure: core.DeletionJobFailure): wire.DeletionJobFailure => ({
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
  as_of: preview.asOf.toISOString(),
  complete: preview.complete,
});
