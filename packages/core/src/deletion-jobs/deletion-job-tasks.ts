import { type Database, Prisma } from "@lethe/db";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { TaskModule, TaskOptions, Turn, TurnEnd } from "../background/task-module.ts";
import { atMost } from "../cache-options.ts";
import { wasRolledBack } from "../database-error.ts";
import { startDueRetention } from "../retention/retention.ts";
import { isPlacedIn, rowPlace } from "../row-places.ts";
import { wakeBackground } from "../wake-background.ts";
import { claimJob } from "./claim-job.ts";
import type { JobRef } from "./deletion-job.ts";
import { readJobBacklog } from "./read-job-backlog.ts";
import { recordStep, runStep } from "./run-step.ts";
import { StepSize } from "./step-size.ts";

const reason =
  "The database refused to go on again and again; the server's log has the cause. Ask for a new job when it is solved";

/** Ends a job that cannot go on. False if somebody else has it just now. */
function failJob(db: Database, ref: JobRef): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const job = await claimJob(tx, ref);
    if (job === undefined) return false;
    if (!job.ended) await recordStep(tx, job, { end: "failed", error: reason });
    return true;
  });
}

type JobRunnerOptions = {
  db: Database;
  log: { warn(fields: object, message: string): void };
  /** Told the chats that each step has deleted, after its commit. */
  onDeleted?: (chats: number) => void;
  /** Told of each job that was given up. */
  onJobFailed?: () => void;
};

/** Refusals in a row after which a chat that stands alone is left, and after which the job is given up. */
const maxRefusals = { chat: 5, job: 9 };
/** How long a chat may be locked by others before it is left; milliseconds. */
const lockTimeoutMs = 5_000;
/** How long a step rests at least that could delete nothing, because all was locked; milliseconds. */
const lockedRest = 100;
/** Jobs and tenants that something is remembered of; what is forgotten is learned again. */
const remembered = atMost(1_000);

/**
 * Works on a tenant's jobs step by step until its turn is over, one job at a time and each in its turn. Answers
 * whether there is more to do: then somebody has to go on, here or elsewhere, now or after a crash; the database
 * knows the place.
 *
 * After each step it leaves the database to others for as long as they want it, at most as long as the step took.
 * Throws when the database is away.
 */
export function createJobRunner({ db, log, onDeleted, onJobFailed }: JobRunnerOptions) {
  const progresses = new LRUCache<string, Progress>(remembered);
  const lastServed = new LRUCache<string, string>(remembered);

  /** Takes a step, and rests for what others want of the time that it took. */
  async function step(job: JobRef, turn: Turn): Promise<"more" | "ended" | "elsewhere"> {
    const progress = progresses.get(job.jobId) ?? {
      refusals: 0,
      size: new StepSize(),
      lockedSince: new Map(),
    };
    progresses.set(job.jobId, progress);
    const { refusals, size, lockedSince } = progress;
    const giveUp = refusals >= maxRefusals.chat && size.current === 1;
    const begun = performance.now();
    const canWait = (chatId: string) => begun - (lockedSince.get(chatId) ?? begun) < lockTimeoutMs;
    try {
      const { state, done, deleted, locked } = await runStep(db, job, {
        size: size.current,
        giveUp,
        canWait,
      });
      const took = performance.now() - begun;
      if (deleted > 0) onDeleted?.(deleted);
      if (done > 0) size.learn(done, took);
      progress.refusals = 0;
      progress.lockedSince = new Map(locked.map((id) => [id, lockedSince.get(id) ?? begun]));
      await turn.rest(took, locked.length > 0 && done === 0 ? lockedRest : 0);
      return state;
    } catch (err) {
      // It may have been too large to end in time.
      size.refused();
      if (!wasRolledBack(err)) throw err;
      log.warn({ err, job_id: job.jobId }, "the database refused a step of a deletion job; trying again");
      progress.refusals += 1;
      await turn.rest(performance.now() - begun);
      if (progress.refusals < maxRefusals.job) return "more";
      if (!(await failJob(db, job))) return "elsewhere";
      onJobFailed?.();
      return "ended";
    }
  }

  return async (tenantId: string, turn: Turn): Promise<TurnEnd> => {
    const elsewhere = new Set<string>();
    for (;;) {
      const jobs = (await readOpenJobs(db, tenantId)).filter(({ id }) => !elsewhere.has(id));
      const next = nextOf(jobs, lastServed.get(tenantId));
      // What others are at they go on with.
      if (next === undefined) return elsewhere.size === 0 ? { more: false } : { more: false, blocked: true };
      const job = { tenantId, jobId: next.id };
      lastServed.set(tenantId, job.jobId);
      for (let state = "more"; state === "more"; ) {
        state = await step(job, turn);
        if (state === "elsewhere") elsewhere.add(job.jobId);
        if (turn.isOver()) return { more: true };
      }
    }
  };
}

/**
 * What is not to be forgotten at the end of a turn: how many chats a step may have, how often in a row the database has
 * refused one, and since when the chats are locked that the last one could not have.
 */
type Progress = { refusals: number; size: StepSize; lockedSince: Map<string, number> };

const openRows = z.array(z.object({ id: z.string(), begun: z.boolean() }));
type OpenJob = z.infer<typeof openRows>[number];

/** One that has not begun, or the one after the last: so a small job does not wait for a large one before it. */
const nextOf = (jobs: OpenJob[], last: string | undefined): OpenJob | undefined =>
  jobs.find(({ begun }) => !begun) ?? jobs[(jobs.findIndex(({ id }) => id === last) + 1) % jobs.length];

/** A tenant's jobs that have not ended, oldest first; there are few (`limits.openJobs`, and retention's). */
async function readOpenJobs(db: Database, tenantId: string): Promise<OpenJob[]> {
  const rows = await db.$queryRaw`
    SELECT id, started_at IS NOT NULL AS begun FROM deletion_job
    WHERE tenant_id = ${tenantId}::uuid AND finished_at IS NULL
    ORDER BY created_at, id`;
  return openRows.parse(rows);
}

/** Works on deletion jobs, and makes those that retention asks for. */
export function deletionJobTasks({ db, log, onDeleted, onJobFailed, onJobBacklog }: TaskOptions): TaskModule {
  return {
    tasks: [
      {
        name: "deletion_jobs",
        // Somebody waits for it.
        headStartMs: 2_000,
        work: createJobRunner({ db, log, onDeleted, onJobFailed }),
        tenantAfter: (tenantId) => Prisma.sql`(
          SELECT deletion_job.tenant_id FROM deletion_job
          WHERE deletion_job.finished_at IS NULL AND deletion_job.tenant_id > ${tenantId}
          ORDER BY deletion_job.tenant_id LIMIT 1
        )`,
      },
    ],
    sweeps: [
      {
        what: "open deletion jobs",
        everyMs: 5_000,
        run: async () => onJobBacklog(await readJobBacklog(db)),
      },
      { what: "old deletion jobs", everyMs: 600_000, run: () => removeOldJobs(db) },
      {
        what: "retention",
        everyMs: 60_000,
        run: async () => {
          const jobs = await startDueRetention(db);
          wakeBackground(
            db,
            "deletion_jobs",
            jobs.map(({ tenantId }) => tenantId),
          );
        },
      },
    ],
  };
}

/** How long a job that has ended can be looked up; days. */
const keepDays = 30;
/** One call removes so many jobs, and each may have very many failures. */
const batchSize = 20;
const failuresAtOnce = 20_000;

/**
 * Removes jobs that ended `keepDays` ago, with what they noted of chats. Answers how many. It is bounded: a job
 * with very many failures loses them over several calls. Several processes may call it at once.
 */
export async function removeOldJobs(db: Database): Promise<number> {
  return db.$executeRaw`
    WITH old AS MATERIALIZED (
      SELECT tenant_id, id, ${rowPlace} FROM deletion_job
      WHERE finished_at < statement_timestamp() - ${keepDays}::integer * interval '1 day'
      ORDER BY finished_at
      LIMIT ${batchSize}::integer
      FOR UPDATE SKIP LOCKED
    ),
    doomed AS MATERIALIZED (
      SELECT failure.part, failure.place
      FROM old
      CROSS JOIN LATERAL (
        SELECT ${rowPlace} FROM deletion_job_failure AS failure
        WHERE failure.tenant_id = old.tenant_id AND failure.job_id = old.id
        ORDER BY failure.chat_id
        LIMIT ${failuresAtOnce}::integer
      ) AS failure
      LIMIT ${failuresAtOnce}::integer
    ),
    cleared AS (
      DELETE FROM deletion_job_failure WHERE ${isPlacedIn(Prisma.sql`doomed`)}
    )
    DELETE FROM deletion_job
    WHERE ${isPlacedIn(Prisma.sql`old`)}
      AND (SELECT count(*) FROM doomed) < ${failuresAtOnce}::integer`;
}
