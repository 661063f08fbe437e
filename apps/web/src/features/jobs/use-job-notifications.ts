"use client";

import type { DeletionJob } from "@lethe/api/schemas";
import type { LetheClient } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { toasts } from "@/components/ui/toasts.ts";
import { describeFailures } from "@/features/chats/bulk/failures.ts";
import { bulkActions } from "@/features/chats/chat-actions.ts";
import { useSelectChats } from "@/features/chats/select/selection.tsx";
import { formatNumber } from "@/lib/format.ts";
import { offerUndo } from "@/lib/undo.ts";
import { undoJob } from "./undo-job.tsx";
import {
  describeDone,
  failedOf,
  forgetStarted,
  isDeleting,
  isOpen,
  isStartedHere,
  useJobs,
} from "./use-jobs.ts";

/** Shows a toast when a job ends that this tab started, once per job, and selects the chats that it did not delete. */
export function useJobNotifications(): void {
  const jobs = useJobs();
  const router = useRouter();
  const lethe = useLethe();
  const { client } = lethe;
  const { add } = useSelectChats();
  const { askToDelete } = bulkActions;
  const latest = useRef({ askToDelete });
  useEffect(() => {
    latest.current = { askToDelete };
  });

  useEffect(() => {
    const tell = async (job: DeletionJob) => {
      // Only needed if the job did not delete some chats.
      const ids = failedOf(job) > 0 ? await readFailedIds(client, job.id).catch(() => []) : [];
      // Chats in the trash are not selected: the list does not show them.
      const inList = job.filter.state !== "trashed";
      // Thousands of chats are told of one after the other; the lists need not wait for the last of them.
      if (!isDeleting(job)) void lethe.queryClient.invalidateQueries(lethe.trpc.chat.list.pathFilter());
      if (job.kind === "trash") offerUndo({ id: job.id, undo: () => undoJob(lethe, job.id) });
      if (inList) add(ids);
      toasts.add({
        id: `job-${job.id}`,
        type: ids.length > 0 || job.state === "failed" ? "error" : job.kind === "trash" ? "trash" : "success",
        timeout: failedOf(job) > 0 || job.state !== "finished" ? 0 : 10_000,
        title: titleOf(job),
        description: descriptionOf(job, inList),
        data: {
          actions: [
            ...(job.kind === "trash" && job.counts.moved > 0
              ? [{ label: "Undo", onClick: () => undoJob(lethe, job.id) }]
              : []),
            { label: "Details", onClick: () => router.push(`/deletions/jobs/${job.id}`) },
            ...(ids.length > 0 && isDeleting(job)
              ? [{ label: "Retry the failed", onClick: () => latest.current.askToDelete(ids) }]
              : []),
          ],
        },
      });
    };
    for (const job of jobs ?? []) {
      if (isOpen(job) || !isStartedHere(job.id)) continue;
      forgetStarted(job.id);
      void tell(job);
    }
  }, [jobs, lethe, client, router, add]);
}

function titleOf(job: DeletionJob): string {
  const done = describeDone(job);
  if (job.state === "cancelled") return `${done}, then stopped`;
  if (job.state === "failed") return `${done}, then failed`;
  return failedOf(job) > 0 ? `${done}, ${formatNumber(failedOf(job))} not` : done;
}

function descriptionOf(job: DeletionJob, inList: boolean): string | undefined {
  if (job.state === "failed") return job.error ?? undefined;
  if (job.state === "cancelled") return "The rest stays as it was.";
  if (failedOf(job) === 0) return undefined;
  return `${describeFailures(job.counts)}.${inList ? " What stayed is selected." : ""}`;
}

/** Failed chats that are retried together. */
export const mostRetried = 1_000;

/** The ids of the chats that a job did not delete, up to `mostRetried`. */
export async function readFailedIds(client: LetheClient, jobId: string): Promise<string[]> {
  const ids = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: { data: { chat_id: string }[]; next_cursor: string | null } =
      await client.deletionJob.failures.query({ job_id: jobId, limit: 100, cursor });
    for (const { chat_id } of page.data) ids.add(chat_id);
    cursor = page.next_cursor;
  } while (cursor !== null && ids.size < mostRetried);
  return [...ids].slice(0, mostRetried);
}
