import type { Credential } from "../types.ts";
import type { ChatFilter } from "./chat-filter.ts";

export type JobKind = "bulk" | "retention";
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

/** The name under which the queue knows the work on a tenant's jobs. */
