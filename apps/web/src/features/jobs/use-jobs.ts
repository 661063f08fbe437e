"use client";

import type { DeletionJob } from "@lethe/api/schemas";
import { toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { describeFailures } from "@/features/chats/bulk/failures.ts";
import { formatNumber, plural } from "@/lib/format.ts";

/** How often jobs are read while one runs, and otherwise; milliseconds. */
const runningMs = 700;
const idleMs = 20_000;

/** The newest jobs of the tenant, kept up to date. Undefined until they have been read, or if this session may not read them. */
export function useJobs() {
  const { trpc } = useLethe();
  const { data } = useQuery(
    trpc.deletionJob.list.queryOptions(
      { limit: 20 },
      {
        staleTime: 0,
        refetchOnWindowFocus: true,
        refetchInterval: ({ state }) => {
          if (state.data?.data.some(isOpen)) return runningMs;
          return state.error && toLetheError(state.error).code === "FORBIDDEN" ? false : idleMs;
        },
      },
    ),
  );
  return data?.data;
}

/** Refreshes at most once in this time; milliseconds. */
const refreshMs = 2_000;

/**
 * Returns what to call when a chat was deleted or moved. No event says that a job begins, but every tab learns at once of
 * what it does.
 */
export function useRefreshJobs(): () => void {
  const { trpc, queryClient } = useLethe();
  const last = useRef(Number.NEGATIVE_INFINITY);
  return useCallback(() => {
    if (performance.now() - last.current < refreshMs) return;
    last.current = performance.now();
    void queryClient.invalidateQueries(trpc.deletionJob.list.pathFilter());
  }, [trpc, queryClient]);
}

/** Whether a job has not ended yet. */
export const isOpen = ({ state }: Pick<DeletionJob, "state">): boolean =>
  state === "queued" || state === "running";

/** Whether a job deletes for good; else it moves. */
export const isDeleting = ({ kind }: Pick<DeletionJob, "kind">): boolean =>
  kind === "bulk" || kind === "retention";

/** What a job is doing: "Deleting", "Moving to the Trash". */
export function describeDoing({ kind }: Pick<DeletionJob, "kind">): string {
  if (kind === "trash") return "Moving to the Trash";
  return kind === "restore" ? "Restoring" : "Deleting";
}

/** How many chats a job has deleted or moved: "Deleted 1,200 chats". */
export function describeDone({ kind, counts }: Pick<DeletionJob, "kind" | "counts">): string {
  if (kind === "trash") return `Moved ${plural(counts.moved, "chat")} to the Trash`;
  return kind === "restore"
    ? `Restored ${plural(counts.moved, "chat")}`
    : `Deleted ${plural(counts.deleted, "chat")}`;
}

/** What a job deletes or moves, in a few words. */
export function describeTarget({
  kind,
  filter,
  undo_of: undone,
}: Pick<DeletionJob, "kind" | "filter" | "undo_of">): string {
  if (undone !== null) return "What was moved to the Trash";
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
  return `${formatNumber(job.processed)} of ${plural(Math.max(size, job.processed), "chat")}`;
}

/** What a job came to: "Deleted 1,200 chats; 3 are live, 1 is on hold". */
export function describeOutcome(job: Pick<DeletionJob, "kind" | "counts">): string {
  const { counts } = job;
  const left = describeFailures(counts);
  const nothing = isDeleting(job) ? "Nothing was deleted" : "Nothing was moved";
  const done = counts.deleted + counts.moved === 0 ? nothing : describeDone(job);
  return left ? `${done}; ${left}` : done;
}

/** How many chats a job matched and did not delete or move. */
export const failedOf = ({ counts }: Pick<DeletionJob, "counts">): number =>
  counts.active_connections + counts.on_hold + counts.changed + counts.failed;

const key = "lethe-jobs-started";
/** Jobs that one tab remembers having started. */
const most = 20;

/** Remembers, for as long as the tab lives and across reloads, that a job was started here. */
export function rememberStarted(jobId: string): void {
  write([...read(), jobId].slice(-most));
}

/** Whether a job was started in this tab and its end has not been told yet. */
export function isStartedHere(jobId: string): boolean {
  return read().includes(jobId);
}

/** The end of a job has been told: once is enough. */
export function forgetStarted(jobId: string): void {
  write(read().filter((id) => id !== jobId));
}

function read(): string[] {
  try {
    return (sessionStorage.getItem(key) ?? "").split(" ").filter(Boolean);
  } catch {
    return [];
  }
}

function write(ids: string[]): void {
  try {
    sessionStorage.setItem(key, ids.join(" "));
  } catch {
    // Where the browser refuses storage, no toast tells the end; the page of jobs still shows it.
  }
}
