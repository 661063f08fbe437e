import type { Database } from "@lethe/db";

/** How long a job that has ended can be looked up; days. */
export const keepDays = 30;
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
      SELECT tenant_id, id FROM deletion_job
      WHERE finished_at < statement_timestamp() - ${keepDays}::integer * interval '1 day'
      ORDER BY finished_at
      LIMIT ${batchSize}::integer
      FOR UPDATE SKIP LOCKED
    ),
    doomed AS MATERIALIZED (
      SELECT failure.tenant_id, failure.job_id, failure.chat_id
      FROM old JOIN deletion_job_failure AS failure
        ON failure.tenant_id = old.tenant_id AND failure.job_id = old.id
      LIMIT ${failuresAtOnce}::integer
    ),
    cleared AS (
      DELETE FROM deletion_job_failure AS failure USING doomed
      WHERE failure.tenant_id = doomed.tenant_id AND failure.job_id = doomed.job_id
        AND failure.chat_id = doomed.chat_id
    )
    DELETE FROM deletion_job AS job USING old
    WHERE job.tenant_id = old.tenant_id AND job.id = old.id
      AND (SELECT count(*) FROM doomed) < ${failuresAtOnce}::integer`;
}
