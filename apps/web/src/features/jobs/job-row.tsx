import type { DeletionJob } from "@lethe/api/schemas";
import Link from "next/link";
import { TimeAgo } from "@/components/time-ago.tsx";
import { describeActor } from "@/features/deletions/describe-actor.ts";
import { describeOutcome, describeTarget, isOpen } from "./describe-job.ts";
import { JobBadge } from "./job-badge.tsx";
import { JobProgress } from "./job-progress.tsx";

/** A job in the list of jobs. */
export function JobRow({ job }: { job: DeletionJob }) {
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
