import type { DeletionJob } from "@lethe/api/schemas";
import { cn } from "@/lib/cn.ts";

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
