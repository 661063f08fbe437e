import type { DeletionJob } from "@lethe/api/schemas";
import { Progress } from "@/components/ui/progress.tsx";
import { describeProgress, describeTarget, sizeOfJob } from "./describe-job.ts";

/** How far a job is, as a bar and in numbers. It promises no time: live chats and holds make it uneven. */
export function JobProgress({ job }: { job: DeletionJob }) {
  const size = sizeOfJob(job);
  const text = describeProgress(job);
  return (
    <div>
      <Progress
        label={`Deleting: ${describeTarget(job)}`}
        value={size === null ? null : Math.min(job.processed, size)}
        max={Math.max(size ?? 1, 1)}
        text={text}
      />
      <p className="mt-1.5 text-[0.8125rem] text-soft tabular-nums">{text}</p>
    </div>
  );
}
