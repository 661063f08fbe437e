import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { Context } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { limits } from "../limits.ts";
import type { Page } from "../types.ts";
import type { DeletionJob } from "./deletion-job.ts";
import { jobColumns, jobRows } from "./job-row.ts";

/** `created_at` in milliseconds, which is all that the column holds, up to the year 9999; and the id. */
const place = z.tuple([z.literal("job"), z.int().min(0).max(253_402_300_799_999), z.guid()]);

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
  const rows = await ctx.db.$queryRaw`
    SELECT ${jobColumns} FROM deletion_job AS job
    WHERE job.tenant_id = ${ctx.tenantId}::uuid ${cursor ? before(cursor) : Prisma.empty}
    ORDER BY job.created_at DESC, job.id DESC
    LIMIT ${size + 1}::integer`;
  const jobs = jobRows.parse(rows);
  const items = jobs.slice(0, size);
  const last = items.at(-1);
  const more = jobs.length > size && last !== undefined;
  return { items, nextCursor: more ? encodeCursor(["job", last.createdAt.getTime(), last.id]) : null };
}

function before(cursor: string): Prisma.Sql {
  const [, createdAt, id] = decodeCursor(cursor, place);
  return Prisma.sql`AND (job.created_at, job.id) < (${new Date(createdAt)}::timestamptz, ${id}::uuid)`;
}
