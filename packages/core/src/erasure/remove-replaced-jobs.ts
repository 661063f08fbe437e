import type { Database } from "@lethe/db";
import { z } from "zod";
import { eraseTranscriptTask } from "./erasure.ts";

const counted = z.tuple([z.object({ count: z.int() })]);

/**
 * Removes from the queue what processes left there that were killed: jobs that were replaced and that
 * nobody will take again. Answers how many of `task`. The queue itself allows it four hours after they were taken.
 */
export async function removeReplacedJobs(db: Database, task = eraseTranscriptTask): Promise<number> {
  const rows = await db.$queryRaw`
    SELECT count(*)::integer AS count
    FROM graphile_worker.complete_jobs(ARRAY(
      SELECT id FROM graphile_worker.jobs
      WHERE task_identifier = ${task} AND key IS NULL AND attempts >= max_attempts
        AND (locked_at IS NULL OR locked_at < now() - interval '4 hours')
    ))`;
  return counted.parse(rows)[0].count;
}
