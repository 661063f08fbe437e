import type { Database } from "@lethe/db";
import { z } from "zod";
import type { Endpoint } from "./deliver-task.ts";

/** A webhook that this process alone works on until `until`. */
export type EndpointLease = Endpoint & { url: string; secrets: string[]; until: Date };

const leaseRows = z.array(
  z.object({ url: z.string(), secrets: z.array(z.string()), leased_until: z.date() }),
);

/**
 * Takes a webhook to work on, or undefined if it is disabled, gone, or somebody is at it. Its due_at is the
 * end of the lease meanwhile: if this process dies, that is when others go on.
 */
export async function takeLease(
  db: Database,
  { tenantId, webhookId }: Endpoint,
  leaseMs: number,
): Promise<EndpointLease | undefined> {
  const rows = await db.$queryRaw`
    UPDATE webhook_endpoint SET leased_until = lease.until, due_at = lease.until
    FROM (SELECT clock_timestamp() + ${leaseMs}::integer * interval '1 millisecond') AS lease(until)
    WHERE tenant_id = ${tenantId}::uuid AND id = ${webhookId}::uuid AND enabled AND deleted_at IS NULL
      AND due_at IS NOT NULL AND coalesce(leased_until <= clock_timestamp(), true)
    RETURNING url, leased_until, array_remove(
      ARRAY[secret, CASE WHEN previous_secret_until > clock_timestamp() THEN previous_secret END], NULL
    ) AS secrets`;
  const [row] = leaseRows.parse(rows);
  return row && { tenantId, webhookId, url: row.url, secrets: row.secrets, until: row.leased_until };
}

/** What attempts have shown of a webhook: one success is enough to be well. */
export type Health = "well" | "failing" | "gone";

const renewedRows = z.array(
  z.object({ enabled: z.boolean(), url: z.string(), secrets: z.array(z.string()), leased_until: z.date() }),
);

/**
 * Keeps the lease for longer and notes how the webhook fares: one that is gone, or that has had no success
 * for `disableAfterMs`, is disabled. Answers undefined if it is not to be worked on any more.
 */
export async function renewLease(
  db: Database,
  { tenantId, webhookId, until }: EndpointLease,
  health: Health,
  { leaseMs, disableAfterMs }: { leaseMs: number; disableAfterMs: number },
): Promise<EndpointLease | undefined> {
  const rows = await db.$queryRaw`
    WITH judged AS (
      SELECT clock_timestamp() AS now, ${health}::text AS health, CASE
        WHEN ${health} = 'gone' THEN 'gone'
        WHEN ${health} = 'failing' AND failing_since
          < clock_timestamp() - ${disableAfterMs}::bigint * interval '1 millisecond' THEN 'failing'
      END AS reason
      FROM webhook_endpoint
      WHERE tenant_id = ${tenantId}::uuid AND id = ${webhookId}::uuid
    )
    UPDATE webhook_endpoint AS e
    SET leased_until = CASE WHEN judged.reason IS NULL AND e.enabled
        THEN judged.now + ${leaseMs}::integer * interval '1 millisecond' END,
      due_at = CASE
        WHEN judged.reason IS NOT NULL OR NOT e.enabled THEN NULL
        WHEN e.due_at = e.leased_until THEN judged.now + ${leaseMs}::integer * interval '1 millisecond'
        ELSE e.due_at
      END,
      failing_since = CASE WHEN judged.health <> 'well' THEN coalesce(e.failing_since, judged.now) END,
      enabled = e.enabled AND judged.reason IS NULL,
      disabled_at = CASE WHEN e.enabled AND judged.reason IS NOT NULL THEN judged.now ELSE e.disabled_at END,
      disabled_reason = CASE WHEN e.enabled THEN coalesce(judged.reason, e.disabled_reason)
        ELSE e.disabled_reason END
    FROM judged
    WHERE e.tenant_id = ${tenantId}::uuid AND e.id = ${webhookId}::uuid AND e.deleted_at IS NULL
      AND e.leased_until = ${until}::timestamptz
    RETURNING e.enabled, e.url, coalesce(e.leased_until, judged.now) AS leased_until, array_remove(
      ARRAY[secret, CASE WHEN previous_secret_until > clock_timestamp() THEN previous_secret END], NULL
    ) AS secrets`;
  const [row] = renewedRows.parse(rows);
  if (!row?.enabled) return undefined;
  return { tenantId, webhookId, url: row.url, secrets: row.secrets, until: row.leased_until };
}

const releasedRows = z.array(z.object({ due: z.boolean() }));

/**
 * Gives a webhook back and notes when something is to be sent next. Answers whether that is now. What came
 * in meanwhile has moved due_at away from the end of the lease, and stays noted.
 */
export async function releaseLease(
  db: Database,
  { tenantId, webhookId, until }: EndpointLease,
): Promise<boolean> {
  const rows = await db.$queryRaw`
    WITH next AS (
      SELECT min(next_attempt_at) AS at
      FROM webhook_delivery
      WHERE tenant_id = ${tenantId}::uuid AND endpoint_id = ${webhookId}::uuid AND state = 'pending'
    )
    UPDATE webhook_endpoint AS e
    SET leased_until = NULL,
      due_at = CASE
        WHEN NOT e.enabled THEN NULL
        WHEN e.due_at = e.leased_until THEN next.at
        ELSE least(e.due_at, next.at)
      END
    FROM next
    WHERE e.tenant_id = ${tenantId}::uuid AND e.id = ${webhookId}::uuid
      AND e.leased_until = ${until}::timestamptz
    RETURNING coalesce(e.due_at <= clock_timestamp(), false) AS due`;
  return releasedRows.parse(rows)[0]?.due ?? false;
}
