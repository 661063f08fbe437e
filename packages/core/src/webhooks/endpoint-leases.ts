import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { milliseconds } from "../clock.ts";

/** One of a tenant's webhooks, for work that belongs to no caller. */
export const endpointSchema = z.object({ tenantId: z.string(), webhookId: z.string() });
export type Endpoint = z.infer<typeof endpointSchema>;

/** Webhooks that a claim looks at, those that have been due for longest: it bounds what a claim costs. */
const windowSize = 1_000;

const endpointRows = z.array(endpointSchema);

/** Endpoints as rows of (tenant_id, id). */
const rowsOf = (endpoints: readonly Endpoint[]) => Prisma.sql`
  unnest(
    ${endpoints.map(({ tenantId }) => tenantId)}::uuid[], ${endpoints.map(({ webhookId }) => webhookId)}::uuid[]
  )`;

/** Joins those rows of `held` whose webhook `owner` has and nobody has locked, as `e`; they are locked then. */
const lockedOf = (owner: string) => Prisma.sql`
  CROSS JOIN LATERAL (
    SELECT tenant_id, id FROM webhook_endpoint AS e
    WHERE e.tenant_id = held.tenant_id AND e.id = held.id AND e.leased_by = ${owner}::uuid
    FOR NO KEY UPDATE SKIP LOCKED
  ) AS e`;

/**
 * The assignments that have a webhook looked at soon because something was written for it. Who holds it finds
 * that in `news` when it gives the webhook back, so that nothing is overlooked that is committed meanwhile.
 */
export const wake = Prisma.sql`
  news = true,
  due_at = CASE WHEN webhook_endpoint.leased_until > clock_timestamp() THEN webhook_endpoint.due_at
    ELSE least(webhook_endpoint.due_at, date_trunc('milliseconds', clock_timestamp())) END`;

export type ClaimEndpoints = {
  /** The process that is to hold them, and for how long; milliseconds. */
  owner: string;
  leaseMs: number;
  /** As many as this at most. */
  limit: number;
  /** Tenants that have enough of this process already. */
  except: readonly string[];
};

const claimedRows = z.array(endpointSchema.extend({ failing: z.boolean() }));

/**
 * Takes webhooks that are due and that nobody holds: of each tenant the one that has waited longest, then of
 * each the next. A tenant has few webhooks, so none can fill what is looked at. `due_at` is the end of the
 * lease meanwhile: if this process dies, that is when others go on.
 */
export async function claimEndpoints(db: Database, claim: ClaimEndpoints) {
  const { owner, leaseMs, limit, except } = claim;
  const rows = await db.$queryRaw`
    WITH oldest AS MATERIALIZED (
      SELECT tenant_id, id, due_at FROM webhook_endpoint
      WHERE due_at <= statement_timestamp() AND tenant_id <> ALL (${except}::uuid[])
      ORDER BY due_at
      LIMIT ${windowSize}::integer
    ),
    turn AS (
      SELECT tenant_id, id, due_at, row_number() OVER (PARTITION BY tenant_id ORDER BY due_at) AS turn FROM oldest
    ),
    next AS MATERIALIZED (
      SELECT tenant_id, id FROM turn ORDER BY turn, due_at LIMIT ${limit}::integer
    ),
    free AS MATERIALIZED (
      SELECT e.tenant_id, e.id
      FROM next
      CROSS JOIN LATERAL (
        SELECT tenant_id, id FROM webhook_endpoint AS e
        WHERE e.tenant_id = next.tenant_id AND e.id = next.id
          AND e.enabled AND e.deleted_at IS NULL
          -- So written that their indexes cannot be taken in the place of the key.
          AND coalesce(e.due_at <= statement_timestamp(), false)
          AND coalesce(e.leased_until <= statement_timestamp(), true)
        FOR NO KEY UPDATE SKIP LOCKED
      ) AS e
    )
    UPDATE webhook_endpoint AS e
    SET leased_by = ${owner}::uuid, leased_until = lease.until, due_at = lease.until, news = false
    FROM free, (SELECT clock_timestamp() + ${milliseconds(leaseMs)}) AS lease(until)
    WHERE e.tenant_id = free.tenant_id AND e.id = free.id
    RETURNING e.tenant_id AS "tenantId", e.id AS "webhookId", e.failing_since IS NOT NULL AS failing`;
  return claimedRows.parse(rows);
}

/** Keeps webhooks for longer. Answers those that are still held by `owner`; one that is locked is left out. */
export async function renewEndpoints(
  db: Database,
  { owner, leaseMs }: { owner: string; leaseMs: number },
  endpoints: readonly Endpoint[],
): Promise<Endpoint[]> {
  if (endpoints.length === 0) return [];
  const rows = await db.$queryRaw`
    WITH mine AS MATERIALIZED (
      SELECT e.tenant_id, e.id FROM ${rowsOf(endpoints)} AS held(tenant_id, id) ${lockedOf(owner)}
    )
    UPDATE webhook_endpoint AS e
    SET leased_until = lease.until, due_at = CASE WHEN e.due_at IS NOT NULL THEN lease.until END
    FROM mine, (SELECT clock_timestamp() + ${milliseconds(leaseMs)}) AS lease(until)
    WHERE e.tenant_id = mine.tenant_id AND e.id = mine.id
    RETURNING e.tenant_id AS "tenantId", e.id AS "webhookId"`;
  return endpointRows.parse(rows);
}

/**
 * Gives webhooks back and notes when something is to be sent next. Answers those that are no longer held by
 * `owner`, which one is not that somebody has locked: it is given back another time.
 */
export async function releaseEndpoints(
  db: Database,
  owner: string,
  endpoints: readonly Endpoint[],
): Promise<Endpoint[]> {
  if (endpoints.length === 0) return [];
  const rows = await db.$queryRaw`
    WITH held AS MATERIALIZED (SELECT * FROM ${rowsOf(endpoints)} AS held(tenant_id, id)),
    mine AS MATERIALIZED (
      SELECT e.tenant_id, e.id FROM held ${lockedOf(owner)}
    ),
    released AS (
      UPDATE webhook_endpoint AS e
      SET leased_by = NULL, leased_until = NULL, news = false, due_at = CASE
        WHEN NOT e.enabled THEN NULL
        WHEN e.news OR e.last_expanded < e.last_message THEN clock_timestamp()
        ELSE (
          SELECT min(d.next_attempt_at) FROM webhook_delivery AS d
          WHERE d.tenant_id = e.tenant_id AND d.endpoint_id = e.id AND d.state = 'pending'
        )
      END
      FROM mine
      WHERE e.tenant_id = mine.tenant_id AND e.id = mine.id
      RETURNING e.tenant_id, e.id
    )
    SELECT held.tenant_id AS "tenantId", held.id AS "webhookId" FROM held
    WHERE (held.tenant_id, held.id) IN (SELECT tenant_id, id FROM released)
      OR NOT EXISTS (
        SELECT FROM webhook_endpoint AS e
        WHERE e.tenant_id = held.tenant_id AND e.id = held.id AND e.leased_by = ${owner}::uuid
        OFFSET 0
      )`;
  return endpointRows.parse(rows);
}

/**
 * Frees webhooks whose lease ends later than any that is given now, because a clock was ahead when it was
 * given: it would keep them from everybody for as long as the clock was wrong.
 */
export async function freeOverlongLeases(db: Database, leaseMs: number): Promise<void> {
  await db.$executeRaw`
    UPDATE webhook_endpoint
    SET leased_by = NULL, leased_until = NULL, news = false,
      due_at = CASE WHEN due_at IS NOT NULL THEN clock_timestamp() END
    WHERE leased_until > statement_timestamp() + 2 * ${milliseconds(leaseMs)}`;
}
