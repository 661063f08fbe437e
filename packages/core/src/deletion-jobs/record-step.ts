import type { Prisma } from "@lethe/db";
import type { ClaimedJob } from "./claim-job.ts";
import type { Progress } from "./delete-matches.ts";
import type { FailureOutcome, JobState } from "./deletion-job.ts";

export type Step = {
  /** Chats that were counted. */
  matched?: number;
  progress?: Progress;
  /** The last chat that was looked at; undefined: as it was. */
  place?: string | null;
  counted?: boolean;
  limitReached?: boolean;
  /** How the job ends here; undefined: it goes on, unless somebody has asked it to stop. */
  end?: Extract<JobState, "finished" | "cancelled" | "failed"> | undefined;
  error?: string;
};

const nothing: Progress = { deleted: 0, failures: [] };

/**
 * Writes down what a step has done, in the step's transaction: so that it is told exactly if it was done. With
 * the end of the job everybody is told, and what was searched for is forgotten.
 */
export async function recordStep(tx: Prisma.TransactionClient, job: ClaimedJob, step: Step): Promise<void> {
  const { matched = 0, progress = nothing, place = job.place, counted = job.counted, end } = step;
  const { deleted, failures } = progress;
  const count = (outcome: FailureOutcome) =>
    failures.reduce((sum, failure) => sum + (failure.outcome === outcome ? 1 : 0), 0);
  await tx.$executeRaw`
    WITH recorded AS (
      UPDATE deletion_job AS job SET
        state = CASE
          WHEN ${end ?? null}::text IS NOT NULL THEN ${end ?? null}::text
          WHEN job.cancel_requested_at IS NOT NULL THEN 'cancelled'
          ELSE 'running'
        END,
        finished_at = CASE
          WHEN ${end ?? null}::text IS NOT NULL OR job.cancel_requested_at IS NOT NULL THEN clock_timestamp()
        END,
        search = CASE
          WHEN ${end ?? null}::text IS NULL AND job.cancel_requested_at IS NULL THEN job.search
        END,
        started_at = coalesce(job.started_at, clock_timestamp()),
        place = ${place}::uuid,
        counted = ${counted}::boolean,
        matched = job.matched + ${matched}::integer,
        processed = job.processed + ${deleted + failures.length}::integer,
        deleted = job.deleted + ${deleted}::integer,
        active_connections = job.active_connections + ${count("active_connections")}::integer,
        on_hold = job.on_hold + ${count("on_hold")}::integer,
        changed = job.changed + ${count("changed")}::integer,
        failed = job.failed + ${count("failed")}::integer,
        limit_reached = ${step.limitReached ?? false}::boolean,
        error = ${step.error ?? null}::text
      WHERE job.tenant_id = ${job.tenantId}::uuid AND job.id = ${job.id}::uuid AND job.finished_at IS NULL
      RETURNING job.tenant_id, job.id, job.finished_at
    ),
    noted AS (
      INSERT INTO deletion_job_failure (tenant_id, job_id, chat_id, outcome, at)
      SELECT recorded.tenant_id, recorded.id, failure.chat_id, failure.outcome, clock_timestamp()
      FROM recorded, unnest(
        ${failures.map(({ chatId }) => chatId)}::uuid[], ${failures.map(({ outcome }) => outcome)}::text[]
      ) AS failure(chat_id, outcome)
    )
    INSERT INTO event (tenant_id, type, job_id, at)
    SELECT tenant_id, 'deletion_job.finished', id, finished_at FROM recorded WHERE finished_at IS NOT NULL`;
}
