import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { isWaiting } from "./delivery-row.ts";

/** How long a delivery may be due before its webhook counts as behind: some attempts without an answer; milliseconds. */
const behindMs = 60_000;

/** What webhooks of all tenants have not been told though it is due. */
const backlogSchema = z.object({
  /** Webhooks to which something has been due for more than a minute. */
  behind: z.int(),
  /** Those of them whose last attempt has failed. */
  failing: z.int(),
  /** For how long the oldest delivery has been due; milliseconds. */
  oldestMs: z.number().nullable(),
});
export type WebhookBacklog = z.infer<typeof backlogSchema>;

/** How far webhooks are behind. Its cost grows with the webhooks that have something due, not with what is due to them. */
export async function readWebhookBacklog(db: Database): Promise<WebhookBacklog> {
  const rows = await db.$queryRaw`
    WITH late AS (
      SELECT e.failing_since IS NOT NULL AS failing,
        (extract(epoch FROM clock_timestamp() - oldest.since) * 1000)::float8 AS ms
      FROM webhook_endpoint AS e
      CROSS JOIN LATERAL (
        SELECT least(
          (
            SELECT d.next_attempt_at FROM webhook_delivery AS d
            WHERE d.tenant_id = e.tenant_id AND d.endpoint_id = e.id
              AND d.state = 'pending' AND d.next_attempt_at <= statement_timestamp()
            ORDER BY d.next_attempt_at
            LIMIT 1
          ),
          (
            SELECT m.created_at FROM webhook_message AS m
            WHERE m.tenant_id = e.tenant_id AND ${isWaiting(Prisma.sql`m`, Prisma.sql`e`)}
            ORDER BY m.id
            LIMIT 1
          )
        ) AS since
      ) AS oldest
      WHERE e.due_at IS NOT NULL AND e.enabled AND e.deleted_at IS NULL AND oldest.since IS NOT NULL
    )
    SELECT count(*) FILTER (WHERE ms > ${behindMs}::float8)::integer AS behind,
      count(*) FILTER (WHERE ms > ${behindMs}::float8 AND failing)::integer AS failing,
      max(ms) AS "oldestMs"
    FROM late`;
  return z.tuple([backlogSchema]).parse(rows)[0];
}
