import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";

/** One of a tenant's webhooks, for work that belongs to no caller. */
export type Endpoint = { tenantId: string; webhookId: string };

/** The name of the job that sends what is due to one webhook. */
export const deliverTask = "deliver_webhooks";

/** What a job carries, ids alone. */
export const deliverPayload = z
  .object({ tenant_id: z.guid(), webhook_id: z.guid() })
  .transform((payload): Endpoint => ({ tenantId: payload.tenant_id, webhookId: payload.webhook_id }));

/** A job that somebody took this long ago, and whose webhook nobody is at, is worth nothing; milliseconds. */
const abandonedMs = 5_000;
/** So is one that failed and would be tried again only after this time. */
const postponedMs = 5_000;
/** Webhooks that one call puts into the queue. */
const batchSize = 200;

const jobKey = Prisma.sql`${deliverTask}::text || ':' || e.webhook_id::text`;
const addJobs = (e: Prisma.Sql) => Prisma.sql`
  graphile_worker.add_jobs(ARRAY(
    SELECT ROW(
      ${deliverTask}::text, json_build_object('tenant_id', e.tenant_id, 'webhook_id', e.webhook_id),
      NULL, NULL, 5, ${jobKey}, NULL, NULL
    )::graphile_worker.job_spec
    FROM ${e}
  ))`;

/** Has a webhook worked on, behind those that wait already. */
export async function enqueueWebhook(db: Database, { tenantId, webhookId }: Endpoint): Promise<void> {
  const e = Prisma.sql`(SELECT ${tenantId}::uuid, ${webhookId}::uuid) AS e(tenant_id, webhook_id)`;
  await db.$queryRaw`SELECT count(*) FROM ${addJobs(e)}`;
}

/**
 * Puts every webhook into the queue for which something is due, that nobody works on, and that does not wait
 * there. So a job is worth nothing: what is due stands in the webhook's row.
 */
export async function enqueueDueWebhooks(db: Database): Promise<void> {
  const milliseconds = (value: number) => Prisma.sql`${value}::integer * interval '1 millisecond'`;
  await db.$queryRaw`
    WITH due AS MATERIALIZED (
      SELECT e.tenant_id, e.webhook_id
      FROM (
        SELECT tenant_id, id AS webhook_id, due_at
        FROM webhook_endpoint
        WHERE due_at <= clock_timestamp() AND coalesce(leased_until <= clock_timestamp(), true)
      ) AS e
      LEFT JOIN graphile_worker.jobs AS job ON job.key = ${jobKey}
        AND job.attempts < job.max_attempts
        AND coalesce(job.locked_at > clock_timestamp() - ${milliseconds(abandonedMs)},
          job.run_at < clock_timestamp() + ${milliseconds(postponedMs)})
      WHERE job.id IS NULL
      ORDER BY e.due_at
      LIMIT ${batchSize}::integer
    )
    SELECT count(*) FROM (SELECT FROM due LIMIT 1) AS any_due, ${addJobs(Prisma.sql`due AS e`)}`;
}
