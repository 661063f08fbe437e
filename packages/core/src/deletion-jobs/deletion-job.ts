import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { Credential } from "../types.ts";
import type { ChatFilter } from "./chat-filter.ts";

type JobKind = "bulk" | "retention";
export type JobState = "queued" | "running" | "finished" | "cancelled" | "failed";

/** Why a job did not delete a chat that it had matched. */
export const failureOutcomes = ["active_connections", "on_hold", "changed", "failed"] as const;
export type FailureOutcome = (typeof failureOutcomes)[number];

/** The deletion of all chats that a filter matches, as its tenant sees it. */
export type DeletionJob = {
  id: string;
  kind: JobKind;
  state: JobState;
  /** `q` is null once the job has ended: what somebody searched for is content, and is not kept. */
  filter: Omit<ChatFilter, "q"> & { q?: string | null };
  force: boolean;
  maxDeletions: number | null;
  /** Chats that matched when it began; null while they are still being counted. */
  matched: number | null;
  /** Chats that it has dealt with: the sum of the counts. */
  processed: number;
  counts: Record<"deleted" | FailureOutcome, number>;
  /** It ended because it had deleted `maxDeletions` chats; there may be more that match. */
  limitReached: boolean;
  /** Somebody has asked it to stop. */
  cancelRequested: boolean;
  actor: Credential;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Why it failed. */
  error: string | null;
};

/** A chat that a job did not delete. */
export type DeletionJobFailure = { chatId: string; outcome: FailureOutcome; at: Date };

/** A deletion job that somebody has to work on. */
export type JobRef = { tenantId: string; jobId: string };

/** The columns of a job for a SELECT or RETURNING over rows that are called `job`. */
export const jobColumns = Prisma.sql`
  job.id, job.kind, job.state, job.search, job.searched, job.chat_state, job.created_before,
  job.created_after, job.updated_before, job.updated_after, job.min_messages, job.max_messages, job.force,
  job.max_deletions, job.actor_kind, job.actor_id, job.created_at, job.started_at, job.finished_at, job.error,
  job.cancel_requested_at IS NOT NULL AS cancel_requested, job.counted, job.matched, job.processed, job.deleted,
  job.active_connections, job.on_hold, job.changed, job.failed, job.limit_reached`;

const moment = z.date().nullable();
const count = z.int();

/** A row of `jobColumns`, before it is read as a job. */
export const jobRowSchema = z.object({
  id: z.string(),
  kind: z.enum(["bulk", "retention"]),
  state: z.enum(["queued", "running", "finished", "cancelled", "failed"]),
  search: z.string().nullable(),
  searched: z.boolean(),
  chat_state: z.enum(["active", "trashed", "any"]),
  created_before: moment,
  created_after: moment,
  updated_before: moment,
  updated_after: moment,
  min_messages: count.nullable(),
  max_messages: count.nullable(),
  force: z.boolean(),
  max_deletions: count.nullable(),
  actor_kind: z.string(),
  actor_id: z.string(),
  created_at: z.date(),
  started_at: moment,
  finished_at: moment,
  error: z.string().nullable(),
  cancel_requested: z.boolean(),
  counted: z.boolean(),
  matched: count,
  processed: count,
  deleted: count,
  active_connections: count,
  on_hold: count,
  changed: count,
  failed: count,
  limit_reached: z.boolean(),
});
type Row = z.infer<typeof jobRowSchema>;

/** Rows of `jobColumns`, read as jobs. */
export const jobRows = z.array(
  jobRowSchema.transform(
    (row): DeletionJob => ({
      id: row.id,
      kind: row.kind,
      state: row.state,
      filter: { ...filterOf(row), ...(row.searched && { q: row.search }) },
      force: row.force,
      maxDeletions: row.max_deletions,
      matched: row.counted ? row.matched : null,
      processed: row.processed,
      counts: {
        deleted: row.deleted,
        active_connections: row.active_connections,
        on_hold: row.on_hold,
        changed: row.changed,
        failed: row.failed,
      },
      limitReached: row.limit_reached,
      cancelRequested: row.cancel_requested,
      actor: { kind: row.actor_kind, id: row.actor_id },
      createdAt: row.created_at,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      error: row.error,
    }),
  ),
);

/** The criteria of a job that are given, but not what it searches for. */
export const filterOf = (row: Row) => ({
  state: row.chat_state,
  ...(row.created_before && { createdBefore: row.created_before }),
  ...(row.created_after && { createdAfter: row.created_after }),
  ...(row.updated_before && { updatedBefore: row.updated_before }),
  ...(row.updated_after && { updatedAfter: row.updated_after }),
  ...(row.min_messages !== null && { minMessages: row.min_messages }),
  ...(row.max_messages !== null && { maxMessages: row.max_messages }),
});
