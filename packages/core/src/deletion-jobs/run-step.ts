import type { Database, Prisma } from "@lethe/db";
import { foldTitles, hasUnfoldedTitles } from "../chats/folded-titles.ts";
import { type Erasure, wakeErasure } from "../erasure/erasure.ts";
import { type ClaimedJob, claimJob, isStopAsked } from "./claim-job.ts";
import { type Done, deleteMatches, type Match, type Progress } from "./delete-matches.ts";
import { type FailureOutcome, isDeleting, type JobRef, type JobState } from "./deletion-job.ts";
import { moveMatches } from "./move-matches.ts";
import { matchNext, scanPage } from "./scan-page.ts";

type StepOptions = {
  /** Chats that it deletes at most. */
  size: number;
  /** Leave the next chat, because the database has refused it often enough. */
  giveUp?: boolean;
  /** Whether there is time for a chat that somebody else has locked; default: always. */
  canWait?: (chatId: string) => boolean;
};

/**
 * `elsewhere`: somebody else has the job just now, or there is none. `locked`: chats that somebody else has locked;
 * the next step meets them again.
 */
type StepOutcome = {
  state: "more" | "ended" | "elsewhere";
  /** Chats that were deleted or moved, and of them those that were deleted. */
  done: number;
  deleted: number;
  locked: readonly string[];
};

const nothing = { done: 0, deleted: 0, locked: [] };

/** Chats that a step looks at, so that a search that finds little is not slower than one that finds much. */
const scanSize = 5_000;

/**
 * Does the next bit of a job in one transaction: deletions or moves, counters and place are committed together, or none
 * of them. A job that is to stop ends here. Throws what the database says; then nothing was done.
 */
export async function runStep(db: Database, ref: JobRef, options: StepOptions): Promise<StepOutcome> {
  const erasures: Erasure[] = [];
  const outcome = await db.$transaction(async (tx): Promise<StepOutcome> => {
    const job = await claimJob(tx, ref);
    if (job === undefined) return { state: "elsewhere", ...nothing };
    if (job.ended) return { state: "ended", ...nothing };
    if (job.stop) return cancel(tx, job);
    // A title that is not folded could be missed, and its chat would stay.
    if (job.filter.q !== undefined && (await hasUnfoldedTitles(tx, job.tenantId))) {
      await foldTitles(tx, job.tenantId, null);
      return { state: "more", ...nothing };
    }
    return job.counted ? await workOnNext(tx, job, options, erasures) : await countNext(tx, job);
  });
  wakeErasure(db, erasures);
  return outcome;
}

async function cancel(tx: Prisma.TransactionClient, job: ClaimedJob): Promise<StepOutcome> {
  await recordStep(tx, job, { end: "cancelled" });
  return { state: "ended", ...nothing };
}

async function countNext(tx: Prisma.TransactionClient, job: ClaimedJob): Promise<StepOutcome> {
  const page = await scanPage(tx, { ...job, after: job.place, size: scanSize });
  await recordStep(tx, job, { matched: page.matched, place: page.next, counted: page.next === null });
  return { state: "more", ...nothing };
}

async function workOnNext(
  tx: Prisma.TransactionClient,
  job: ClaimedJob,
  { size, giveUp = false, canWait = () => true }: StepOptions,
  erasures: Erasure[],
): Promise<StepOutcome> {
  const most = Math.min(size, job.room ?? size);
  const { matches, next } = await matchNext(tx, job, { most, looked: scanSize });
  if (await isStopAsked(tx, job)) return cancel(tx, job);
  const work = isDeleting(job.kind) ? deleteMatches : moveMatches;
  const { locked, ...progress } = giveUp ? leave(matches) : await work(tx, job, matches, canWait);
  erasures.push(...progress.erasures);
  const limitReached = job.room !== null && progress.done >= job.room;
  const over = limitReached || (next === null && locked.length === 0);
  await recordStep(tx, job, {
    progress,
    place: locked.length === 0 ? next : beforeLocked(job, matches, locked),
    limitReached,
    end: over ? "finished" : undefined,
  });
  const { done } = progress;
  return { state: over ? "ended" : "more", done, deleted: isDeleting(job.kind) ? done : 0, locked };
}

/** Where the next step begins that is to meet again what is locked. */
function beforeLocked(job: ClaimedJob, matches: Match[], [first]: readonly string[]): string | null {
  const index = matches.findIndex(({ id }) => id === first);
  return matches[index - 1]?.id ?? job.place;
}

const leave = (matches: Match[]): Done => ({
  done: 0,
  locked: [],
  erasures: [],
  failures: matches.map(({ id }) => ({ chatId: id, outcome: "failed" })),
});

type Step = {
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

const noProgress: Progress = { done: 0, failures: [] };

/**
 * Writes down what a step has done, in the step's transaction: so that it is told exactly if it was done. With
 * the end of the job everybody is told, and what was searched for is forgotten.
 */
export async function recordStep(tx: Prisma.TransactionClient, job: ClaimedJob, step: Step): Promise<void> {
  const { matched = 0, progress = noProgress, place = job.place, counted = job.counted, end } = step;
  const { done, failures } = progress;
  const [deleted, moved] = isDeleting(job.kind) ? [done, 0] : [0, done];
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
        processed = job.processed + ${done + failures.length}::integer,
        deleted = job.deleted + ${deleted}::integer,
        moved = job.moved + ${moved}::integer,
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
