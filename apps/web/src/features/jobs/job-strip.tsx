"use client";

import Link from "next/link";
import { CancelJob } from "./cancel-job.tsx";
import { describeTarget, isOpen } from "./describe-job.ts";
import { JobProgress } from "./job-progress.tsx";
import { useJobs } from "./use-jobs.ts";

/** Jobs that are shown beside the list; the page of the jobs has all. */
const most = 2;

/** The deletions that are under way, whoever started them and wherever. */
export function JobStrip() {
  const jobs = useJobs()?.filter(isOpen) ?? [];
  if (jobs.length === 0) return null;
  return (
    <section aria-label="Deletions under way" className="mx-2 mb-2 flex flex-col gap-2">
      {jobs.slice(0, most).map((job) => (
        <div key={job.id} className="rounded-xl border bg-card px-3 py-2.5">
          <div className="mb-2 flex items-center gap-2">
            <Link
              href={`/deletions/jobs/${job.id}`}
              className="min-w-0 flex-1 truncate rounded-sm py-1 font-medium text-sm hover:underline"
            >
              Deleting: {describeTarget(job)}
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
