"use client";

import type { DeletionJob } from "@lethe/api/schemas";
import { toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { RequestId } from "@/components/copy-button.tsx";
import { Progress } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { useMay } from "@/features/session/own-session.tsx";
import { useJobNotifications } from "./use-job-notifications.ts";
import {
  describeDoing,
  describeProgress,
  describeTarget,
  isDeleting,
  isOpen,
  sizeOfJob,
  useJobs,
} from "./use-jobs.ts";

/** Jobs that are shown beside the list; the page of the jobs has all. */
const most = 2;

/** The deletions that are under way, whoever started them and wherever. It tells of those that end, too. */
export function JobStrip() {
  useJobNotifications();
  const jobs = useJobs()?.filter(isOpen) ?? [];
  if (jobs.length === 0) return null;
  return (
    <section aria-label="Jobs under way" className="mx-2 mb-2 flex flex-col gap-2">
      {jobs.slice(0, most).map((job) => (
        <div key={job.id} className="rounded-xl border bg-card px-3 py-2.5">
          <div className="mb-2 flex items-center gap-2">
            <Link
              href={`/deletions/jobs/${job.id}`}
              className="min-w-0 flex-1 truncate rounded-sm py-1 font-medium text-sm hover:underline"
            >
              {describeDoing(job)}: {describeTarget(job)}
            </Link>
            <CancelJob job={job} />
          </div>
          <JobProgress job={job} />
        </div>
      ))}
      {jobs.length > most ? (
        <Link href="/deletions/jobs" className="px-3 py-1 text-[0.8125rem] text-soft hover:underline">
          {jobs.length - most} more
        </Link>
      ) : null}
    </section>
  );
}

/** How far a job is, as a bar and in numbers. It promises no time: live chats and holds make it uneven. */
export function JobProgress({ job }: { job: DeletionJob }) {
  const size = sizeOfJob(job);
  const text = describeProgress(job);
  return (
    <div>
      <Progress
        label={`${describeDoing(job)}: ${describeTarget(job)}`}
        value={size === null ? null : Math.min(job.processed, size)}
        max={Math.max(size ?? 1, 1)}
        text={text}
      />
      <p className="mt-1.5 text-[0.8125rem] text-soft tabular-nums">{text}</p>
    </div>
  );
}

/** Stops a job. What it has deleted or moved by then stays so. */
export function CancelJob({ job }: { job: DeletionJob }) {
  const { trpc, queryClient } = useLethe();
  const mayCancel = useMay(isDeleting(job) ? "chats:delete" : "chats:trash");
  const cancel = useMutation(
    trpc.deletionJob.cancel.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.deletionJob.pathFilter()),
      onError: (cause) => {
        const error = toLetheError(cause);
        toasts.add({
          type: "error",
          timeout: 0,
          title: "The job was not stopped",
          description: error.message,
          data: { detail: <RequestId id={error.requestId} /> },
        });
      },
    }),
  );
  const isStopping = cancel.isPending || job.cancel_requested;
  if (!mayCancel) return null;
  return (
    <Button
      size="sm"
      disabled={isStopping}
      // A focused button that is disabled would lose the focus.
      focusableWhenDisabled
      onClick={() => cancel.mutate({ job_id: job.id })}
    >
      {isStopping ? "Stopping…" : "Cancel"}
    </Button>
  );
}
