import type { DeletionJob as DeletionJobRow } from "@lethe/db";
import { z } from "zod";
import type { ChatFilter } from "../chats/chat-filter.ts";
import type { Credential } from "../types.ts";

/** `bulk` and `retention` delete; `trash` and `restore` move chats into the trash and out of it. */
export const jobKind = z.enum(["bulk", "retention", "trash", "restore"]);
export type JobKind = z.infer<typeof jobKind>;
/** Whether a job of this kind deletes for good. */
export const isDeleting = (kind: JobKind): boolean => kind === "bulk" || kind === "retention";
const jobState = z.enum(["queued", "running", "finished", "cancelled", "failed"]);
export type JobState = z.infer<typeof jobState>;
const chatState = z.enum(["active", "trashed", "any"]);

/** Why a job did not delete or move a chat that it had matched. */
export const failureOutcome = z.enum(["active_connections", "on_hold", "changed", "failed"]);
export type FailureOutcome = z.infer<typeof failureOutcome>;

/** What of a job's row its tenant sees as it is. */
type Plain =
  | "id"
  | "force"
  | "maxDeletions"
  | "processed"
  | "limitReached"
  | "createdAt"
  | "startedAt"
  | "finishedAt"
  | "undoOf"
  | "error";

/** The deletion, or the move, of all chats that a filter matches, as its tenant sees it. */
export type DeletionJob = Pick<DeletionJobRow, Plain> & {
  kind: JobKind;
  state: JobState;
  /** `q` is null once the job has ended: what somebody searched for is content, and is not kept. */
  filter: Omit<ChatFilter, "q"> & { q?: string | null };
  /** Chats that matched when it began; null while they are still being counted. */
  matched: number | null;
  counts: Record<"deleted" | "moved" | FailureOutcome, number>;
  /** Somebody has asked it to stop. */
  cancelRequested: boolean;
  actor: Credential;
};

/** A chat that a job did not delete. */
export type DeletionJobFailure = { chatId: string; outcome: FailureOutcome; at: Date };

/** A deletion job that somebody has to work on. */
export type JobRef = { tenantId: string; jobId: string };

/** A row as its tenant sees it. */
export function toDeletionJob(row: DeletionJobRow): DeletionJob {
  const { id, force, maxDeletions, processed, limitReached, createdAt, startedAt, finishedAt, error } = row;
  const { undoOf, deleted, moved, activeConnections, onHold, changed, failed } = row;
  return {
    ...{ id, force, maxDeletions, processed, limitReached, createdAt, startedAt, finishedAt, undoOf, error },
    kind: jobKind.parse(row.kind),
    state: jobState.parse(row.state),
    filter: { ...filterOf(row), ...(row.searched && { q: row.search }) },
    matched: row.counted ? row.matched : null,
    counts: { deleted, moved, active_connections: activeConnections, on_hold: onHold, changed, failed },
    cancelRequested: row.cancelRequestedAt !== null,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
  };
}

type Criteria = Pick<
  DeletionJobRow,
  | "chatState"
  | "createdBefore"
  | "createdAfter"
  | "updatedBefore"
  | "updatedAfter"
  | "minMessages"
  | "maxMessages"
  | "held"
  | "live"
  | "createdBy"
  | "trashedBy"
  | "exportedAfter"
  | "undoOf"
>;

/** The criteria of a job that are given, but not what it searches for. */
export const filterOf = (row: Criteria) => ({
  state: chatState.parse(row.chatState),
  ...(row.createdBefore && { createdBefore: row.createdBefore }),
  ...(row.createdAfter && { createdAfter: row.createdAfter }),
  ...(row.updatedBefore && { updatedBefore: row.updatedBefore }),
  ...(row.updatedAfter && { updatedAfter: row.updatedAfter }),
  ...(row.minMessages !== null && { minMessages: row.minMessages }),
  ...(row.maxMessages !== null && { maxMessages: row.maxMessages }),
  ...(row.held !== null && { held: row.held }),
  ...(row.live !== null && { live: row.live }),
  ...(row.createdBy !== null && { createdBy: row.createdBy }),
  ...(row.trashedBy !== null && { trashedBy: row.trashedBy }),
  ...(row.exportedAfter && { exportedAfter: row.exportedAfter }),
  ...(row.undoOf !== null && { trashedByJob: row.undoOf }),
});
