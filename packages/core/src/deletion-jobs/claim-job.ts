import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { ChatFilter } from "../chats/chat-filter.ts";
import type { Actor, TenantId } from "../context.ts";
import { provenTenantId } from "../credentials/principal.ts";
import { filterOf, type JobKind, type JobRef, jobKind } from "./deletion-job.ts";
/** A job in the hands of a step: nobody else works on it until the step's transaction ends. */
export type ClaimedJob = {
  tenantId: TenantId;
  id: string;
  kind: JobKind;
  filter: ChatFilter;
  /** When it was asked for. */
  asOf: Date;
  force: boolean;
  /** Chats that it may still delete; null: any number. */
  room: number | null;
  /** The last chat that was looked at. */
  place: string | null;
  counted: boolean;
  /** It is to end here: somebody has cancelled it, or turned retention off. */
  stop: boolean;
  ended: boolean;
  /** Whom the ledger names. */
  actor: Actor;
};

/** Someone else's lock keeps a step no longer than this, so that a job can be cancelled. */
const lockTimeout = "750ms";
/** The chats are walked over in the order of their key, whatever the statistics say: docs/adr/0032-plans-by-key.md. */
const walkByKey = Prisma.sql`set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
        set_config('enable_sort', 'off', true)`;
const locked = z.tuple([z.object({ mine: z.boolean() })]);
const moment = z.date().nullable();
const claimed = z.array(
  z.object({
    ...{ tenantId: provenTenantId, id: z.string(), kind: jobKind, createdAt: z.date() },
    ...{ search: z.string().nullable(), searched: z.boolean(), chatState: z.string() },
    ...{ createdBefore: moment, createdAfter: moment, updatedBefore: moment, updatedAfter: moment },
    ...{ minMessages: z.int().nullable(), maxMessages: z.int().nullable() },
    ...{ held: z.boolean().nullable(), live: z.boolean().nullable() },
    ...{ createdBy: z.string().nullable(), trashedBy: z.string().nullable() },
    ...{ exportedAfter: moment, undoOf: z.string().nullable() },
    ...{ force: z.boolean(), maxDeletions: z.int().nullable(), deleted: z.int() },
    ...{ place: z.string().nullable(), counted: z.boolean(), stop: z.boolean(), ended: z.boolean() },
    actorKind: z.enum(["api_key", "session", "person", "operator", "system"]),
    actorId: z.string(),
    actorName: z.string().nullable(),
  }),
);

/**
 * Takes a job for the length of a transaction. Answers undefined if somebody else has it, or if there is none.
 *
 * The lock is none of the job's row, so that the row can be told meanwhile that the job is cancelled.
 */
export async function claimJob(
  tx: Prisma.TransactionClient,
  { tenantId, jobId }: JobRef,
): Promise<ClaimedJob | undefined> {
  const [{ mine }] = locked.parse(
    await tx.$queryRaw`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${`deletion_job:${tenantId}:${jobId}`}, 0)) AS mine,
        set_config('lock_timeout', ${lockTimeout}, true), ${walkByKey}`,
  );
  if (!mine) return undefined;
  const [row] = claimed.parse(await tx.$queryRaw`${readJob(tenantId, jobId)}`);
  if (row === undefined) return undefined;
  return {
    tenantId: row.tenantId,
    id: row.id,
    kind: row.kind,
    filter: { ...filterOf(row), ...(row.search !== null && { q: row.search }) },
    asOf: row.createdAt,
    force: row.force,
    room: row.maxDeletions === null ? null : row.maxDeletions - row.deleted,
    place: row.place,
    counted: row.counted,
    stop: row.stop || (row.searched && row.search === null),
    ended: row.ended,
    actor: {
      ...{ kind: row.actorKind, id: row.actorId, name: row.actorName },
      via: row.kind === "retention" ? "retention" : "job",
    },
  };
}

/** Retention follows the tenant's settings while it runs: who turns it off or down means what is there now. */
const readJob = (tenantId: string, jobId: string) => Prisma.sql`
  SELECT job.tenant_id AS "tenantId", job.id, job.kind, job.created_at AS "createdAt", job.search, job.searched,
    job.chat_state AS "chatState", job.created_before AS "createdBefore", job.created_after AS "createdAfter",
    job.updated_after AS "updatedAfter", job.min_messages AS "minMessages", job.max_messages AS "maxMessages",
    job.held, job.live, job.created_by AS "createdBy", job.trashed_by AS "trashedBy",
    job.exported_after AS "exportedAfter", job.undo_of AS "undoOf",
    job.force, job.max_deletions AS "maxDeletions", job.deleted, job.place, job.counted,
    job.actor_kind AS "actorKind", job.actor_id AS "actorId", job.actor_name AS "actorName",
    job.finished_at IS NOT NULL AS ended,
    job.cancel_requested_at IS NOT NULL OR (job.kind = 'retention' AND tenant.retention_days IS NULL) AS stop,
    CASE WHEN job.kind = 'retention'
      THEN least(job.updated_before, clock_timestamp() - tenant.retention_days * interval '1 day')
      ELSE job.updated_before
    END AS "updatedBefore"
  FROM deletion_job AS job
  JOIN tenant ON tenant.tenant_id = job.tenant_id
  WHERE job.tenant_id = ${tenantId}::uuid AND job.id = ${jobId}::uuid`;

const asked = z.tuple([z.object({ stop: z.boolean() })]);

/** Whether somebody has asked the job to stop, as of now. */
export async function isStopAsked(tx: Prisma.TransactionClient, job: ClaimedJob): Promise<boolean> {
  const rows = await tx.$queryRaw`
    SELECT cancel_requested_at IS NOT NULL AS stop FROM deletion_job
    WHERE tenant_id = ${job.tenantId}::uuid AND id = ${job.id}::uuid`;
  return asked.parse(rows)[0].stop;
}
