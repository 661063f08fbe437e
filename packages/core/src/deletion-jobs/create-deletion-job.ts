import { randomUUID } from "node:crypto";
import type { Context } from "../context.ts";
import { LetheError } from "../errors.ts";
import { deletionIdUnder } from "../idempotency/keys.ts";
import { limits } from "../limits.ts";
import { wakeBackground } from "../wake-background.ts";
import type { ChatFilter } from "./chat-filter.ts";
import type { DeletionJob } from "./deletion-job.ts";
import { findDeletionJob } from "./get-deletion-job.ts";
import { jobColumns, jobRows } from "./job-row.ts";

export type CreateDeletionJob = {
  filter: ChatFilter;
  /** Close live connections instead of leaving their chats. */
  force: boolean;
  /** Stop when so many chats are deleted. */
  maxDeletions?: number | undefined;
};

/**
 * Asks for the deletion of all chats that match now; chats that are created later are left alone. It answers
 * at once, and the work is done in the background.
 *
 * Throws CONFLICT (too_many_jobs) while `limits.openJobs` jobs of the tenant have not ended.
 */
export async function createDeletionJob(
  ctx: Context,
  { filter, force, maxDeletions }: CreateDeletionJob,
): Promise<DeletionJob> {
  const { db, tenantId, actor } = ctx;
  // Under an idempotency key an earlier attempt may have made the job already.
  const id = deletionIdUnder(ctx.once, "deletion job") ?? randomUUID();
  const rows = await db.$queryRaw`
    INSERT INTO deletion_job AS job (
      tenant_id, id, kind, search, searched, chat_state, created_before, created_after, updated_before,
      updated_after, min_messages, max_messages, force, max_deletions, actor_kind, actor_id, created_at
    )
    SELECT ${tenantId}::uuid, ${id}::uuid, 'bulk', ${filter.q ?? null}::text, ${filter.q !== undefined}::boolean,
      ${filter.state}, ${filter.createdBefore ?? null}::timestamptz,
      ${filter.createdAfter ?? null}::timestamptz, ${filter.updatedBefore ?? null}::timestamptz,
      ${filter.updatedAfter ?? null}::timestamptz, ${filter.minMessages ?? null}::integer,
      ${filter.maxMessages ?? null}::integer, ${force}::boolean, ${maxDeletions ?? null}::integer,
      ${actor.kind}, ${actor.id}, clock_timestamp()
    WHERE (
      SELECT count(*) FROM deletion_job AS open
      WHERE open.tenant_id = ${tenantId}::uuid AND open.finished_at IS NULL
    ) < ${limits.openJobs}::integer
    ON CONFLICT (tenant_id, id) DO NOTHING
    RETURNING ${jobColumns}`;
  const [made] = jobRows.parse(rows);
  const job = made ?? (await findDeletionJob(ctx, id));
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
