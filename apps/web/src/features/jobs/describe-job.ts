import type { DeletionJob } from "@lethe/api/schemas";
import { describeFailures } from "@/features/chats/bulk/describe-failures.ts";
import { plural } from "@/lib/format.ts";

const numbers = new Intl.NumberFormat("en");

/** Whether a job has not ended yet. */
export const isOpen = ({ state }: Pick<DeletionJob, "state">): boolean =>
  state === "queued" || state === "running";

/** What a job deletes, in a few words. */
export function describeTarget({ kind, filter }: Pick<DeletionJob, "kind" | "filter">): string {
  if (kind === "retention") return "Chats past their retention";
  const where = filter.state === "trashed" ? "Trashed chats" : "Chats";
  if (filter.q) return `${where} with “${filter.q}”`;
  if (filter.q === null) return `${where} that matched a search`;
  return filter.state === "trashed" ? "What lay in the Trash" : "All chats at that time";
}

/** How many chats a job has to look at; null while they are counted. */
export function sizeOfJob({ matched, max_deletions }: DeletionJob): number | null {
  if (matched === null) return null;
  return max_deletions === null ? matched : Math.min(matched, max_deletions);
}

/** How far a job is: "412 of 1,204 chats". */
export function describeProgress(job: DeletionJob): string {
  const size = sizeOfJob(job);
  if (job.cancel_requested && isOpen(job)) return `Stopping after ${plural(job.processed, "chat")}…`;
  if (job.state === "queued" && job.processed === 0) return "Waiting to begin…";
  if (size === null) return "Counting the chats…";
  return `${numbers.format(job.processed)} of ${plural(Math.max(size, job.processed), "chat")}`;
}

/** What a job came to: "Deleted 1,200 chats; 3 are live, 1 is on hold". */
export function describeOutcome({ counts }: Pick<DeletionJob, "counts">): string {
  const left = describeFailures(counts);
  const done = counts.deleted === 0 ? "Nothing was deleted" : `Deleted ${plural(counts.deleted, "chat")}`;
  return left ? `${done}; ${left}` : done;
}

/** How many chats a job matched and did not delete. */
export const failedOf = ({ counts }: Pick<DeletionJob, "counts">): number =>
  counts.active_connections + counts.on_hold + counts.changed + counts.failed;
