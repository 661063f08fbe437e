"use client";

import { useLethe } from "@lethe/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ListBody } from "@/components/list-body.tsx";
import { PageFrame } from "@/components/page-frame.tsx";
import { RowSkeletons } from "@/components/row-skeletons.tsx";
import { ShowOlder } from "@/components/show-older.tsx";
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

  return (
    <PageFrame
      title="Deletion jobs"
      back={{ href: "/deletions", label: "Back to all deletions" }}
      description="Deletions of many chats run in the background, a few at a time, and survive a restart. Here is what they did and what they left."
    >
      <ListBody
        list={list}
        count={jobs.length}
        pending={<RowSkeletons label="Loading jobs" rows={3} />}
        failure="The jobs could not be read"
        empty={
          <p className="py-10 text-center text-sm text-soft">
            No job yet. Select all chats that a search matches, and delete them: that is one.
          </p>
        }
      >
        <ul
          aria-label="Deletion jobs"
          className="divide-y divide-line overflow-hidden rounded-xl border bg-card"
        >
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </ul>
      </ListBody>
      <ShowOlder list={list} />
    </PageFrame>
  );
}
