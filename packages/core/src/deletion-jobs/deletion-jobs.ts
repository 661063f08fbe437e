import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import type { ChatFilter } from "../chats/chat-filter.ts";
import type { Context } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { LetheError } from "../errors.ts";
import { deletionIdUnder } from "../idempotency/keys.ts";
import { inOrder } from "../in-order.ts";
import { limits } from "../limits.ts";
import type { Page } from "../types.ts";
import { wakeBackground } from "../wake-background.ts";
import {
  type DeletionJob,
  type DeletionJobFailure,
  failureOutcome,
  type JobKind,
  toDeletionJob,
} from "./deletion-job.ts";
import { runStep } from "./run-step.ts";

export type CreateDeletionJob = {
  /** Default "bulk": it deletes. */
  kind?: Exclude<JobKind, "retention">;
  filter: ChatFilter;
  /** Close live connections instead of leaving their chats. */
  force: boolean;
  /** Stop when so many chats are deleted. */
  maxDeletions?: number | undefined;
};

/**
 * Asks for the deletion, or the move, of all chats that match now; chats that are created later are left alone. It answers
 * at once, and the work is done in the background.
 *
 * Throws CONFLICT (too_many_jobs) while `limits.openJobs` jobs of the tenant have not ended.
 */
export async function createDeletionJob(
  ctx: Context,
  { kind = "bulk", filter, force, maxDeletions }: CreateDeletionJob,
): Promise<DeletionJob> {
  const { db, tenantId, actor } = ctx;
  // Under an idempotency key an earlier attempt may have made the job already.
  const id = deletionIdUnder(ctx.once, "deletion job") ?? randomUUID();
  // In one transaction, so that nobody has begun to work on the job that is answered.
  const job = await db.$transaction(async (tx) => {
    await tx.$executeRaw`
      INSERT INTO deletion_job (
        tenant_id, id, kind, search, searched, chat_state, created_before, created_after, updated_before,
        updated_after, min_messages, max_messages, held, live, created_by, trashed_by, exported_after, undo_of, force,
        max_deletions, actor_kind, actor_id, actor_name, created_at
      )
      SELECT ${tenantId}::uuid, ${id}::uuid, ${kind}, ${filter.q ?? null}::text, ${filter.q !== undefined}::boolean,
        ${filter.state}, ${filter.createdBefore ?? null}::timestamptz,
        ${filter.createdAfter ?? null}::timestamptz, ${filter.updatedBefore ?? null}::timestamptz,
        ${filter.updatedAfter ?? null}::timestamptz, ${filter.minMessages ?? null}::integer,
        ${filter.maxMessages ?? null}::integer, ${filter.held ?? null}::boolean, ${filter.live ?? null}::boolean,
        ${filter.createdBy ?? null}::text, ${filter.trashedBy ?? null}::text,
        ${filter.exportedAfter ?? null}::timestamptz, ${filter.trashedByJob ?? null}::uuid, ${force}::boolean,
        ${maxDeletions ?? null}::integer,
        ${actor.kind}, ${actor.id}, ${actor.name ?? null}, clock_timestamp()
      WHERE (
        SELECT count(*) FROM deletion_job AS open
        WHERE open.tenant_id = ${tenantId}::uuid AND open.finished_at IS NULL
      ) < ${limits.openJobs}::integer
      ON CONFLICT (tenant_id, id) DO NOTHING`;
    return findDeletionJob(tx, tenantId, id);
  });
  if (job === undefined) throw tooManyJobs();
  wakeBackground(db, "deletion_jobs", [tenantId]);
  return job;
}

const tooManyJobs = () =>
  new LetheError(
    "CONFLICT",
    "too_many_jobs",
    `${limits.openJobs} deletion jobs of yours have not ended. Wait for one of them, or cancel it`,
    { retryAfter: 5 },
  );

/** A job as it is now. Throws NOT_FOUND (deletion_job_not_found); a job of another tenant is the same answer. */
export async function getDeletionJob(ctx: Context, { jobId }: { jobId: string }): Promise<DeletionJob> {
  const job = await findDeletionJob(ctx.db, ctx.tenantId, jobId);
  if (job === undefined)
    throw new LetheError("NOT_FOUND", "deletion_job_not_found", "Deletion job not found");
  return job;
}

/** A job as it is now, or undefined. */
async function findDeletionJob(db: Pick<Database, "deletionJob">, tenantId: string, id: string) {
  const row = await db.deletionJob.findFirst({ where: { tenantId, id } });
  return row === null ? undefined : toDeletionJob(row);
}

/** `created_at` in milliseconds, which is all that the column holds, up to the year 9999; and the id. */
const jobPlace = z.tuple([z.literal("job"), z.int().min(0).max(253_402_300_799_999), z.guid()]);

export type ListDeletionJobs = {
  /** Jobs on the page, 1 to `limits.pageSize`. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
};

/** A page of a tenant's jobs, newest first. Throws BAD_REQUEST for a cursor that is none. */
export async function listDeletionJobs(
  ctx: Context,
  { limit, cursor }: ListDeletionJobs,
): Promise<Page<DeletionJob>> {
  const size = Math.min(limit, limits.pageSize);
  const rows = await ctx.db.deletionJob.findMany({
    where: { tenantId: ctx.tenantId, ...(cursor && before(cursor)) },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: size + 1,
  });
  const items = rows.slice(0, size).map(toDeletionJob);
  const last = items.at(-1);
  const more = rows.length > size && last !== undefined;
  return { items, nextCursor: more ? encodeCursor(["job", last.createdAt.getTime(), last.id]) : null };
}

/** What comes after a place. The first condition alone bounds what is read; the second leaves out what was made at once. */
function before(cursor: string) {
  const [, ms, id] = decodeCursor(cursor, jobPlace);
  const createdAt = new Date(ms);
  return { createdAt: { lte: createdAt }, NOT: { createdAt, id: { gte: id } } };
}

/**
 * Takes back what a job of the kind "trash" has done: ends it, if it has not ended, and asks for a job that restores the
 * chats that it has put into the trash and that still lie there since.
 *
 * Throws NOT_FOUND (deletion_job_not_found), CONFLICT (not_undoable) for a job of another kind, and what
 * `createDeletionJob` throws.
 */
export async function undoDeletionJob(ctx: Context, { jobId }: { jobId: string }): Promise<DeletionJob> {
  const { kind, finishedAt } = await getDeletionJob(ctx, { jobId });
  if (kind !== "trash") throw notUndoable();
  if (finishedAt === null) await cancelDeletionJob(ctx, { jobId });
  return createDeletionJob(ctx, {
    kind: "restore",
    filter: { state: "trashed", trashedByJob: jobId },
    force: false,
  });
}

const notUndoable = () =>
  new LetheError(
    "CONFLICT",
    "not_undoable",
    "Only a job that moves chats into the trash can be undone: what was deleted is gone",
  );

const failureRows = z.array(z.object({ chatId: z.string(), outcome: failureOutcome, at: z.date() }));
const failurePlace = z.tuple([z.literal("failure"), z.guid()]);

export type ListDeletionJobFailures = {
  jobId: string;
  /** Chats on the page, 1 to `limits.pageSize`. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
};

/**
 * A page of the chats that a job matched and did not delete, in the order in which it met them.
 * Throws NOT_FOUND (deletion_job_not_found), and BAD_REQUEST for a cursor that is none.
 */
export async function listDeletionJobFailures(
  ctx: Context,
  { jobId, limit, cursor }: ListDeletionJobFailures,
): Promise<Page<DeletionJobFailure>> {
  const size = Math.min(limit, limits.pageSize);
  const after = cursor ? decodeCursor(cursor, failurePlace)[1] : null;
  await getDeletionJob(ctx, { jobId });
  const rows = await ctx.db.$queryRaw`
    SELECT chat_id AS "chatId", outcome, at FROM deletion_job_failure ${inOrder}
    WHERE tenant_id = ${ctx.tenantId}::uuid AND job_id = ${jobId}::uuid
      ${after === null ? Prisma.empty : Prisma.sql`AND chat_id > ${after}::uuid`}
    ORDER BY chat_id
    LIMIT ${size + 1}::integer`;
  const failures = failureRows.parse(rows);
  const items = failures.slice(0, size);
  const last = items.at(-1);
  const more = failures.length > size && last !== undefined;
  return { items, nextCursor: more ? encodeCursor(["failure", last.chatId]) : null };
}

/** How long it waits for a step that is under way, and how often it looks; milliseconds. */
const wait = { most: 3_000, pause: 25 };

/**
 * Stops a job. The step that is under way deletes nothing more or is committed as a whole; then the job ends,
 * and the answer says exactly what it has done. A job that has ended stays as it is.
 *
 * Should that step take unusually long, the answer is a job that still runs, with `cancelRequested`.
 * Throws NOT_FOUND (deletion_job_not_found).
 */
export async function cancelDeletionJob(ctx: Context, { jobId }: { jobId: string }): Promise<DeletionJob> {
  const { db, tenantId } = ctx;
  const asked = await db.$executeRaw`
    UPDATE deletion_job SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
    WHERE tenant_id = ${tenantId}::uuid AND id = ${jobId}::uuid AND finished_at IS NULL`;
  const end = performance.now() + wait.most;
  while (asked > 0 && performance.now() < end) {
    // A step of a job that is to stop does nothing but end it.
    const { state } = await runStep(db, { tenantId, jobId }, { size: 1 });
    if (state === "ended") break;
    await sleep(wait.pause);
  }
  return getDeletionJob(ctx, { jobId });
}
