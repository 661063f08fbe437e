"use client";

import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { PageFrame } from "@/components/page-frame.tsx";
import { Skeleton } from "@/components/ui/loading.tsx";
import { useDocumentTitle } from "@/lib/browser.ts";
import { describeTarget, failedOf, isOpen } from "./describe-job.ts";
import { JobFacts } from "./job-facts.tsx";
import { JobFailures } from "./job-failures.tsx";
import { CancelJob, JobProgress } from "./job-strip.tsx";

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
