import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { addJobs, jobKey } from "./erasure.ts";

/** Transcripts that one call puts into the queue. */
const batchSize = 1_000;
const counted = z.tuple([z.object({ count: z.int() })]);

/** What counts as lost; milliseconds. */
export type LostAfter = {
  /** A deletion that was committed this long ago and has no job. */
  missingMs: number;
  /**
   * A job that somebody took this long ago: a slice of work is over sooner. If it is not, because the
   * database is slow, the second worker finds the transcript locked and leaves it.
   */
  abandonedMs: number;
  /** A job that failed and would be tried again only after this time. */
  postponedMs: number;
};

export const lostAfter: LostAfter = { missingMs: 5_000, abandonedMs: 8_000, postponedMs: 30_000 };

/**
 * Puts every pending erasure into the queue that nobody works on: its job was never made, was lost, was
 * taken by a process that died, or failed so often that its next try is far away. Answers how many.
 */
export async function enqueueLostErasures(db: Database, after: LostAfter = lostAfter): Promise<number> {
  const milliseconds = (value: number) => Prisma.sql`${value}::integer * interval '1 millisecond'`;
  const lost = Prisma.sql`(
    SELECT d.* FROM (
      SELECT tenant_id, chat_id, id AS deletion_id, deleted_at
      FROM deletion
      WHERE erased_at IS NULL AND deleted_at < clock_timestamp() - ${milliseconds(after.missingMs)}
    ) AS d
    LEFT JOIN graphile_worker.jobs AS job ON job.key = ${jobKey}
      AND job.attempts < job.max_attempts
      AND coalesce(job.locked_at > clock_timestamp() - ${milliseconds(after.abandonedMs)},
        job.run_at < clock_timestamp() + ${milliseconds(after.postponedMs)})
    WHERE job.id IS NULL
    ORDER BY d.deleted_at
    LIMIT ${batchSize}::integer
  ) AS d`;
  const rows = await db.$queryRaw`
    WITH lost AS MATERIALIZED (SELECT * FROM ${lost})
    SELECT count(*)::integer AS count
    FROM (SELECT FROM lost LIMIT 1) AS any_lost, ${addJobs(Prisma.sql`lost AS d`)}`;
  return counted.parse(rows)[0].count;
}
