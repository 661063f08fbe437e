"use client";

import type { DeletionJob, DeletionJobFailure } from "@lethe/api/schemas";
import { toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { useDocumentTitle } from "@/components/document-title.tsx";
import { PageFrame } from "@/components/page-frame.tsx";
import { ErrorNotice, ShowOlder } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/controls.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { describeReason } from "@/features/chats/bulk/failures.ts";
import { bulkActions } from "@/features/chats/chat-actions.ts";
import { useSelectChats } from "@/features/chats/select/selection.tsx";
import { formatNumber } from "@/lib/format.ts";
import { JobFacts } from "./job-facts.tsx";
import { CancelJob, JobProgress } from "./job-strip.tsx";
import { mostRetried, readFailedIds } from "./use-job-notifications.ts";
import { describeTarget, failedOf, isOpen } from "./use-jobs.ts";

/** One job: how far it is or what it did, and the chats that it did not delete. */
export function JobPage({ jobId }: { jobId: string }) {
  const { trpc } = useLethe();
  const query = useQuery(
    trpc.deletionJob.byId.queryOptions(
      { job_id: jobId },
      { staleTime: 0, refetchInterval: ({ state: { data } }) => (data && isOpen(data) ? 700 : false) },
    ),
  );
  const job = query.data;
  useDocumentTitle(job ? describeTarget(job) : undefined);
  return (
    <PageFrame
      title={job ? describeTarget(job) : "Deletion job"}
      back={{ href: "/deletions/jobs", label: "Back to all jobs" }}
      actions={job && isOpen(job) ? <CancelJob job={job} /> : null}
    >
      {query.isPending ? <Skeleton className="h-48 w-full" /> : null}
      {query.isError && !job ? (
        <ErrorNotice
          title="The job could not be read"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {job ? (
        <>
          {isOpen(job) ? (
            <div className="mb-5 rounded-xl border bg-card p-4">
              <JobProgress job={job} />
            </div>
          ) : null}
          <JobFacts job={job} />
          {failedOf(job) > 0 ? <JobFailures job={job} /> : null}
        </>
      ) : null}
    </PageFrame>
  );
}

/** The chats that a job matched and did not delete, page by page, and a button that retries them. */
function JobFailures({ job }: { job: DeletionJob }) {
  const { trpc, client } = useLethe();
  const { add } = useSelectChats();
  const { askToDelete } = bulkActions;
  const [isReading, setIsReading] = useState(false);
  const total = failedOf(job);
  const list = useInfiniteQuery(
    trpc.deletionJob.failures.infiniteQueryOptions(
      { job_id: job.id, limit: 20 },
      { getNextPageParam: (page) => page.next_cursor, staleTime: isOpen(job) ? 0 : 30_000 },
    ),
  );
  const failures = list.data?.pages.flatMap((page) => page.data) ?? [];

  async function retry() {
    setIsReading(true);
    try {
      const ids = await readFailedIds(client, job.id);
      if (job.filter.state !== "trashed") add(ids);
      askToDelete(ids);
    } catch (cause) {
      const error = toLetheError(cause);
      toasts.add({
        type: "error",
        timeout: 0,
        title: "The failed chats could not be read",
        description: error.message,
        data: { detail: <RequestId id={error.requestId} /> },
      });
    } finally {
      setIsReading(false);
    }
  }

  return (
    <section aria-labelledby="left" className="mt-8">
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <h2 id="left" className="mr-auto font-semibold">
          Not deleted <span className="font-normal text-soft">· {formatNumber(total)}</span>
        </h2>
        {isOpen(job) ? null : (
          <Button size="sm" disabled={isReading} focusableWhenDisabled onClick={() => void retry()}>
            {total > mostRetried ? `Retry the first ${formatNumber(mostRetried)}` : "Retry the failed"}
          </Button>
        )}
      </div>
      {list.isError && failures.length === 0 ? (
        <ErrorNotice title="They could not be read" error={list.error} onRetry={() => void list.refetch()} />
      ) : null}
      {failures.length > 0 ? (
        <ul
          aria-label="Not deleted"
          className="divide-y divide-line overflow-hidden rounded-xl border bg-card"
        >
          {failures.map((failure) => (
            <FailureRow key={failure.chat_id} failure={failure} />
          ))}
        </ul>
      ) : null}
      <ShowOlder list={list} label="Show more" />
    </section>
  );
}

function FailureRow({ failure }: { failure: DeletionJobFailure }) {
  const { trpc } = useLethe();
  // The job keeps no titles; who may read the chat may read its title.
  const chat = useQuery(trpc.chat.byId.queryOptions({ chat_id: failure.chat_id }, { retry: false }));
  const { title } = describeReason(failure.outcome);
  return (
    <li className="relative flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-3 text-sm hover:bg-hover">
      <Link
        href={`/chats/${failure.chat_id}`}
        className="min-w-0 flex-1 truncate font-medium before:absolute before:inset-0"
      >
        {chat.data?.title ?? failure.chat_id}
      </Link>
      {chat.isError ? <span className="text-soft text-xs">Gone by now</span> : null}
      <span className="text-[0.8125rem] text-soft">
        {title} · <TimeAgo time={failure.at} />
      </span>
    </li>
  );
}
