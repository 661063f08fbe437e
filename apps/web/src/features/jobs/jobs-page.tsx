"use client";

import type { DeletionJob } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { PageFrame } from "@/components/page-frame.tsx";
import { ListBody, RowSkeletons, ShowOlder } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { describeActor } from "@/features/deletions/describe-deletion.tsx";
import { NotYours } from "@/features/session/not-yours.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { JobBadge } from "./job-facts.tsx";
import { JobProgress } from "./job-strip.tsx";
import { describeOutcome, describeTarget, isOpen } from "./use-jobs.ts";

/** The deletion jobs of the tenant, newest first: those that people start and those of the retention rule. */
export function JobsPage() {
  const mayTrash = useMay("chats:trash");
  return (
    <PageFrame
      title="Deletion jobs"
      back={{ href: "/deletions", label: "Back to all deletions" }}
      description="Deletions of many chats run in the background, a few at a time, and survive a restart. Here is what they did and what they left."
    >
      {mayTrash ? <Jobs /> : <NotYours what="Jobs are seen by those who use the Trash." />}
    </PageFrame>
  );
}

function Jobs() {
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
    <>
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
    </>
  );
}

/** A job in the list of jobs. */
function JobRow({ job }: { job: DeletionJob }) {
  return (
    <li className="relative px-4 py-3 hover:bg-hover">
      <div className="flex items-baseline gap-3">
        <Link
          href={`/deletions/jobs/${job.id}`}
          className="min-w-0 truncate font-medium text-sm before:absolute before:inset-0"
        >
          {describeTarget(job)}
        </Link>
        <span className="ml-auto shrink-0 text-soft text-xs">
          <TimeAgo time={job.created_at} />
        </span>
      </div>
      <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] text-soft">
        <JobBadge state={job.state} />
        {isOpen(job) ? null : <span>{describeOutcome(job)}</span>}
        <span>{describeActor(job)}</span>
      </p>
      {isOpen(job) ? (
        <div className="mt-2.5">
          <JobProgress job={job} />
        </div>
      ) : null}
    </li>
  );
}
