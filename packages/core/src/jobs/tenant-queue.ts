import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { milliseconds } from "../clock.ts";

/**
 * Work of one kind that a tenant has. In the queue a tenant has one job for it, however much there is to do, and
 * goes to the end of the queue after each turn: so tenants are served by turns.
 */
export type TenantTask = {
  /** The name under which the queue knows it. */
  name: string;
  /** Works for a tenant until the turn is over. Answers whether there is more to do. */
  work(tenantId: string, turn: Turn): Promise<{ more: boolean }>;
  /**
   * The first tenant after another in the order of their ids that has something to do, or null, in SQL. It must
   * be found by an index that leads with tenant_id and holds only what is to be done.
   */
  tenantAfter(tenantId: Prisma.Sql): Prisma.Sql;
  /** A condition that a tenant so found (`waiting.tenant_id`) must also meet, in SQL. */
  isDue?: Prisma.Sql;
};

/** A tenant's turn. */
export type Turn = {
  /** Whether it is time to let others have theirs, or to stop. */
  isOver(): Promise<boolean>;
  /**
   * Leaves the database to others for what they want of so many milliseconds, and for `leastMs` whether they want them
   * or not.
   */
  rest(ms: number, leastMs?: number): Promise<void>;
};

/** When a job in the queue counts for nothing; milliseconds. */
export type LostAfter = {
  /** Somebody took it so long ago: a turn is over sooner. */
  abandonedMs: number;
  /** It failed and would be tried again only after this time. */
  postponedMs: number;
};
export const lostAfter: LostAfter = { abandonedMs: 8_000, postponedMs: 30_000 };

/** What a job carries. */
export const tenantPayload = z
  .object({ tenant_id: z.guid() })
  .transform(({ tenant_id: tenantId }) => ({ tenantId }));

const keyOf = (name: string) => Prisma.sql`${name}::text || ':' || waiting.tenant_id::text`;

/**
 * A call that puts a job into the queue for each row of `waiting` (tenant_id), in the place of one that is there.
 * A job is tried again for as long as a smallint can count.
 */
const addJobs = (name: string, waiting: Prisma.Sql, aheadMs = 0) => Prisma.sql`
  graphile_worker.add_jobs(ARRAY(
    SELECT ROW(
      ${name}::text, json_build_object('tenant_id', waiting.tenant_id), NULL,
      clock_timestamp() - ${milliseconds(aheadMs)}, 32767, ${keyOf(name)}, NULL, NULL
    )::graphile_worker.job_spec
    FROM ${waiting}
  ))`;

/**
 * Has tenants worked for soon, by any process. `aheadMs` puts them before those that have come into the queue
 * since then: what somebody waits for begins before what has been going on for long, and delays that by no more.
 *
 * A job is worth nothing: what is to be done stands in the tables, and `enqueueWaiting` finds it there.
 */
export async function enqueueTenants(
  db: Database,
  { name }: Pick<TenantTask, "name">,
  tenantIds: Iterable<string>,
  { aheadMs = 0 } = {},
): Promise<void> {
  const ids = [...new Set(tenantIds)];
  if (ids.length === 0) return;
  const waiting = Prisma.sql`unnest(${ids}::uuid[]) AS waiting(tenant_id)`;
  await db.$queryRaw`SELECT count(*) FROM ${addJobs(name, waiting, aheadMs)}`;
}

const anyRows = z.tuple([z.object({ any: z.boolean() })]);

/** Whether work of these names waits in the queue, other than this tenant's of this name: all workers are busy. */
export async function areOthersWaiting(
  db: Database,
  names: readonly string[],
  { name, tenantId }: { name: string; tenantId: string },
): Promise<boolean> {
  const rows = await db.$queryRaw`
    SELECT EXISTS (
      SELECT FROM graphile_worker.jobs
      WHERE task_identifier = ANY (${names}::text[]) AND locked_at IS NULL AND run_at <= clock_timestamp()
        AND attempts < max_attempts AND key <> ${`${name}:${tenantId}`}
    ) AS any`;
  return anyRows.parse(rows)[0].any;
}

/** Tenants that one call looks at. */
const lookSize = 500;
const firstTenant = "00000000-0000-0000-0000-000000000000";
const lookRows = z.tuple([z.object({ last: z.string().nullable(), looked: z.int() })]);

/**
 * Puts tenants into the queue for which there is something to do and whom nobody serves: their job never got
 * there, was lost, was taken by a process that died, or has failed so often that its next try is far away. It
 * looks at some tenants, from `after` on, and answers where the next call is to begin.
 */
export async function enqueueWaiting(
  db: Database,
  { name, tenantAfter, isDue = Prisma.sql`true` }: TenantTask,
  lost: LostAfter,
  after = firstTenant,
): Promise<string> {
  const rows = await db.$queryRaw`
    WITH RECURSIVE step(tenant_id) AS (
      SELECT ${tenantAfter(Prisma.sql`${after}::uuid`)}
      UNION ALL
      SELECT ${tenantAfter(Prisma.sql`step.tenant_id`)} FROM step WHERE step.tenant_id IS NOT NULL
    ),
    looked AS MATERIALIZED (
      SELECT tenant_id FROM step WHERE tenant_id IS NOT NULL LIMIT ${lookSize}::integer
    ),
    alone AS MATERIALIZED (
      SELECT waiting.tenant_id FROM looked AS waiting
      LEFT JOIN graphile_worker.jobs AS job ON job.key = ${keyOf(name)}
        AND job.attempts < job.max_attempts
        AND coalesce(job.locked_at > clock_timestamp() - ${milliseconds(lost.abandonedMs)},
          job.run_at < clock_timestamp() + ${milliseconds(lost.postponedMs)})
      WHERE job.id IS NULL AND ${isDue}
    ),
    added AS MATERIALIZED (
      SELECT count(*) FROM (SELECT FROM alone LIMIT 1) AS any_alone, ${addJobs(name, Prisma.sql`alone AS waiting`)}
    )
    SELECT (SELECT tenant_id FROM looked ORDER BY tenant_id DESC LIMIT 1) AS last,
      (SELECT count(*)::integer FROM looked) AS looked
    FROM added`;
  const [{ last, looked }] = lookRows.parse(rows);
  return looked < lookSize || last === null ? firstTenant : last;
}

/**
 * Removes from the queue what processes left there that were killed: jobs that were replaced and that nobody
 * will take again. The queue itself allows it four hours after they were taken.
 */
export async function removeReplacedJobs(db: Database, names: readonly string[]): Promise<void> {
  await db.$queryRaw`
    SELECT count(*)
    FROM graphile_worker.complete_jobs(ARRAY(
      SELECT id FROM graphile_worker.jobs
      WHERE task_identifier = ANY (${names}::text[]) AND key IS NULL AND attempts >= max_attempts
        AND (locked_at IS NULL OR locked_at < now() - interval '4 hours')
    ))`;
}
