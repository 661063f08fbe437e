import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { Context } from "../context.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { limits } from "../limits.ts";
import type { Page } from "../types.ts";
import { type DeletionJobFailure, failureOutcomes } from "./deletion-job.ts";
import { getDeletionJob } from "./get-deletion-job.ts";

const place = z.tuple([z.literal("failure"), z.guid()]);
const rowsSchema = z.array(
  z
    .object({ chat_id: z.string(), outcome: z.enum(failureOutcomes), at: z.date() })
    .transform(({ chat_id, outcome, at }): DeletionJobFailure => ({ chatId: chat_id, outcome, at })),
);

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
  const after = cursor ? decodeCursor(cursor, place)[1] : null;
  await getDeletionJob(ctx, { jobId });
  const rows = await ctx.db.$queryRaw`
    SELECT chat_id, outcome, at FROM deletion_job_failure
    WHERE tenant_id = ${ctx.tenantId}::uuid AND job_id = ${jobId}::uuid
      ${after === null ? Prisma.empty : Prisma.sql`AND chat_id > ${after}::uuid`}
    ORDER BY chat_id
    LIMIT ${size + 1}::integer`;
  const failures = rowsSchema.parse(rows);
  const items = failures.slice(0, size);
  const last = items.at(-1);
  const more = failures.length > size && last !== undefined;
  return { items, nextCursor: more ? encodeCursor(["failure", last.chatId]) : null };
}
