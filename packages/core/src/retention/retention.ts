import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { isLive } from "../chats/chat-filter.ts";
import { readClock } from "../clock.ts";
import type { Context } from "../context.ts";
import type { JobRef } from "../deletion-jobs/deletion-job.ts";
import { type DeletionPreview, previewDeletion } from "../deletion-jobs/preview-deletion.ts";

/** Tenants that one call looks after, new ones and others. */
const batchSize = 500;
const rowsSchema = z.array(z.object({ tenantId: z.string(), jobId: z.string() }));

/** The ids of a batch of tenants with retention of whom something else is true, too, in SQL; they are locked then. */
const someOf = (condition: Prisma.Sql) => Prisma.sql`ARRAY(
  SELECT tenant_id FROM tenant WHERE retention_days IS NOT NULL AND ${condition}
  LIMIT ${batchSize}::integer
  FOR UPDATE SKIP LOCKED
)`;

/**
 * Makes a job of kind "retention" for tenants who want chats without activity deleted and have not been looked
 * after for an hour; but only where there is such a chat that neither a hold nor a socket protects, and no such
 * job under way. Answers the new jobs. Several processes may call it at once.
 */
export async function startDueRetention(db: Database): Promise<JobRef[]> {
  const rows = await db.$queryRaw`
    WITH turn AS (
      UPDATE tenant SET retention_ran_at = clock_timestamp()
      WHERE tenant_id = ANY (
        ${someOf(Prisma.sql`retention_ran_at IS NULL`)}
        || ${someOf(Prisma.sql`retention_ran_at < statement_timestamp() - interval '1 hour'`)}
      )
      RETURNING tenant_id, clock_timestamp() - retention_days * interval '1 day' AS horizon
    )
    INSERT INTO deletion_job (tenant_id, kind, chat_state, updated_before, actor_kind, actor_id, created_at)
    SELECT turn.tenant_id, 'retention', 'active', turn.horizon, 'system', 'retention', clock_timestamp()
    FROM turn
    WHERE NOT EXISTS (
      SELECT FROM deletion_job AS open
      WHERE open.tenant_id = turn.tenant_id AND open.finished_at IS NULL AND open.kind = 'retention'
      OFFSET 0
    )
    AND EXISTS (
      SELECT FROM chat
      WHERE chat.tenant_id = turn.tenant_id AND chat.trashed_at IS NULL AND chat.updated_at < turn.horizon
        AND chat.held_at IS NULL AND NOT ${isLive}
      OFFSET 0
    )
    RETURNING tenant_id AS "tenantId", id AS "jobId"`;
  return rowsSchema.parse(rows);
}

const dayMs = 86_400_000;

/** Tells what retention after so many days without activity would delete now, and changes nothing. */
export async function previewRetention(
  ctx: Context,
  { retentionDays }: { retentionDays: number },
): Promise<DeletionPreview> {
  const clock = await readClock(ctx.db);
  const updatedBefore = new Date(clock().getTime() - retentionDays * dayMs);
  return previewDeletion(ctx, { filter: { state: "active", updatedBefore } });
}
