"use client";

import { useLethe } from "@lethe/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { PageFrame } from "@/components/page-frame.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { isOpen } from "./describe-job.ts";
import { JobRow } from "./job-row.tsx";

/** The deletion jobs of the tenant, newest first: those that people start and those of the retention rule. */
export function JobsPage() {
  const { trpc } = useLethe();
  const list = useInfiniteQuery(
    trpc.deletionJob.list.infiniteQueryOptions(
      { limit: 30 },
      {
        getNextPageParam: (page) => page.next_cursor,
        staleTime: 0,
        refetchInterval: ({ state: { data } }) =>
          data?.pages.some((page) => page.data.some(isOpen)) ? 1_000 : 15_000,
      },
    ),
  );
  const jobs = list.data?.pages.flatMap((page) => page.data) ?? [];

  function body() {
    if (list.isPending) return <JobsSkeleton />;
    if (list.isError && jobs.length === 0)
      return (
        <ErrorNotice title="The jobs could not be read" error={list.error} onRetry={() => list.refetch()} />
      );
    if (jobs.length === 0)
      return (
        <p className="py-10 text-center text-sm text-soft">
          No job yet. Select all chats that a search matches, and delete them: that is one.
        </p>
      );
    return (
      <ul
        aria-label="Deletion jobs"
        className="divide-y divide-line overflow-hidden rounded-xl border bg-card"
      >
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
    );
  }

  return (
    <PageFrame
      title="Deletion jobs"
      back={{ href: "/deletions", label: "Back to all deletions" }}
      description="Deletions of many chats run in the background, a few at a time, and survive a restart. Here is what they did and what they left."
    >
      {body()}
      {list.hasNextPage ? (
        <Button className="mt-4" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {list.isFetchingNextPage ? "Loading…" : "Show older"}
        </Button>
      ) : null}
    </PageFrame>
  );
}

function JobsSkeleton() {
  return (
    <div role="status" aria-label="Loading jobs" className="divide-y divide-line rounded-xl border bg-card">
      {["a", "b", "c"].map((row) => (
        <div key={row} className="px-4 py-3.5">
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="mt-2.5 h-3 w-3/5" />
        </div>
      ))}
    </div>
  );
}
