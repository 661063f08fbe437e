import type { DeletionJob } from "@lethe/api/schemas";
import { Fact } from "@/components/page-frame.tsx";
import { cn } from "@/components/ui/controls.tsx";
import { describeActor } from "@/features/deletions/describe-deletion.tsx";
import { formatNumber, formatTime, plural } from "@/lib/format.ts";
import { isDeleting } from "./use-jobs.ts";

/** What a job was to do, when, and what it has done. */
export function JobFacts({ job }: { job: DeletionJob }) {
  const { counts } = job;
  return (
    <>
      <dl className="mb-5 grid grid-cols-2 gap-2 sm:grid-cols-4">
        {isDeleting(job) ? (
          <Count name="Deleted" value={counts.deleted} />
        ) : (
          <Count name={job.kind === "trash" ? "Moved" : "Restored"} value={counts.moved} />
        )}
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
        {isDeleting(job) ? (
          <Fact name="Live chats">{job.force ? "Disconnected and deleted" : "Left alone"}</Fact>
        ) : null}
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
      <dd className="font-semibold text-2xl tabular-nums tracking-tight">{formatNumber(value)}</dd>
    </div>
  );
}

const looks: Record<DeletionJob["state"], { label: string; badge: string; dot: string }> = {
  queued: { label: "Waiting", badge: "bg-mist text-river", dot: "bg-edge" },
  running: { label: "Running", badge: "bg-mist text-river", dot: "bg-river" },
  finished: { label: "Finished", badge: "bg-mist text-river", dot: "bg-live" },
  cancelled: { label: "Stopped", badge: "bg-hover text-ink", dot: "bg-edge" },
  failed: { label: "Failed", badge: "bg-blush text-danger", dot: "bg-danger" },
};

/** How a job stands. */
export function JobBadge({ state }: Pick<DeletionJob, "state">) {
  const { label, badge, dot } = looks[state];
  return (
    <span
      className={cn(
        "inline-flex shrink-0 items-center gap-1.5 rounded-full px-2 py-0.5 font-medium text-xs",
        badge,
      )}
    >
      <span aria-hidden="true" className={cn("size-1.5 rounded-full", dot)} />
      {label}
    </span>
  );
}
