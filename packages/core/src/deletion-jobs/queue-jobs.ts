import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import type { LostAfter } from "../erasure/enqueue-lost-erasures.ts";

/** A deletion job that somebody has to work on. */
export type JobRef = { tenantId: string; jobId: string };

/** The name under which the queue knows deletion jobs. */
export const deletionJobTask = "run_deletion_job";

/** What the queue carries, ids alone. */
export const jobPayload = z
  .object({ tenant_id: z.guid(), job_id: z.guid() })
  .transform((payload): JobRef => ({ tenantId: payload.tenant_id, jobId: payload.job_id }));

const queueKey = Prisma.sql`${deletionJobTask}::text || ':' || d.id::text`;
/** Puts each row of `d` (tenant_id, id) into the queue, in the place of one that is there. */
const add = (d: Prisma.Sql) => Prisma.sql`
  graphile_worker.add_jobs(ARRAY(
    SELECT ROW(
      ${deletionJobTask}::text, json_build_object('tenant_id', d.tenant_id, 'job_id', d.id),
      NULL, NULL, 32767, ${queueKey}, NULL, NULL
    )::graphile_worker.job_spec
    FROM ${d}
  ))`;

/** Has workers of any process go on with a job. Its row is what promises that somebody does: see below. */
export async function enqueueJob(db: Database, { tenantId, jobId }: JobRef): Promise<void> {
  const d = Prisma.sql`(VALUES (${tenantId}::uuid, ${jobId}::uuid)) AS d(tenant_id, id)`;
  await db.$queryRaw`SELECT count(*) FROM ${add(d)}`;
}

const batchSize = 200;
const counted = z.tuple([z.object({ count: z.int() })]);

/**
 * Puts every job into the queue that has not ended and that nobody works on: it never got there, it was taken by
 * a process that died, or its next try is far away. Answers how many.
 */
export async function enqueueLostJobs(db: Database, after: LostAfter): Promise<number> {
  const milliseconds = (value: number) => Prisma.sql`${value}::integer * interval '1 millisecond'`;
  const rows = await db.$queryRaw`
    WITH lost AS MATERIALIZED (
      SELECT d.* FROM deletion_job AS d
      LEFT JOIN graphile_worker.jobs AS job ON job.key = ${queueKey}
        AND job.attempts < job.max_attempts
        AND coalesce(job.locked_at > clock_timestamp() - ${milliseconds(after.abandonedMs)},
          job.run_at < clock_timestamp() + ${milliseconds(after.postponedMs)})
      WHERE d.finished_at IS NULL AND d.created_at < clock_timestamp() - ${milliseconds(after.missingMs)}
        AND job.id IS NULL
      ORDER BY d.created_at
      LIMIT ${batchSize}::integer
    )
    SELECT count(*)::integer AS count
    FROM (SELECT FROM lost LIMIT 1) AS any_lost, ${add(Prisma.sql`lost AS d`)}`;
  return counted.parse(rows)[0].count;
}
