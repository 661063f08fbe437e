import type { DeletionJob } from "@lethe/api/schemas";
import type { ReactNode } from "react";
import { describeActor } from "@/features/deletions/describe-actor.ts";
import { formatTime } from "@/lib/format-time.ts";
import { plural } from "@/lib/plural.ts";
import { JobBadge } from "./job-badge.tsx";

/** What a job was to do, when, and what it has done. */
export function JobFacts({ job }: { job: DeletionJob }) {
  const { counts } = job;
  return (
    <>
      <dl className="mb-5 grid grid-cols-2 gap-2 sm:grid-cols-4">
        <Count name="Deleted" value={counts.deleted} />
        <Count name="Live" value={counts.active_connections} />
        <Count name="On hold" value={counts.on_hold} />
        <Count name="Other" value={counts.changed + counts.failed} />
      </dl>
      <dl className="divide-y divide-line rounded-xl border bg-card">
        <Fact name="State">
          <JobBadge state={job.state} />
          {job.error ? <p className="mt-1.5">{job.error}</p> : null}
        </Fact>
        <Fact name="Matched">
          {job.matched === null ? "Still counting" : plural(job.matched, "chat")}
          {job.limit_reached && job.matched !== null && counts.deleted < job.matched
            ? `; stopped at the limit of ${job.max_deletions}`
            : ""}
        </Fact>
        <Fact name="Live chats">{job.force ? "Disconnected and deleted" : "Left alone"}</Fact>
        <Fact name="Started by">{describeActor(job)}</Fact>
        <Fact name="Asked for">{formatTime(job.created_at)}</Fact>
        {job.started_at ? <Fact name="Begun">{formatTime(job.started_at)}</Fact> : null}
        {job.finished_at ? <Fact name="Ended">{formatTime(job.finished_at)}</Fact> : null}
      </dl>
    </>
  );
}

function Count({ name, value }: { name: string; value: number }) {
  return (
    <div className="flex flex-col-reverse justify-end rounded-xl border bg-card px-4 py-3">
      <dt className="text-[0.8125rem] text-soft">{name}</dt>
      <dd className="font-semibold text-2xl tabular-nums tracking-tight">{value.toLocaleString("en")}</dd>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 gap-y-1 px-4 py-3 text-sm sm:grid-cols-[9rem_minmax(0,1fr)]">
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
