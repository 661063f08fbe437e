import type { Database } from "@lethe/db";
import { z } from "zod";
import { wake } from "./endpoint-leases.ts";
import type { Message } from "./to-messages.ts";

const counted = z.tuple([z.object({ count: z.int() })]);

/**
 * Writes each message once, for those webhooks of its tenant that are enabled, want its type and were there when it
 * happened, and has these worked on. One that is for nobody is not written. Answers how many were.
 *
 * Who is told is found for each tenant and type, not for each message, so that many webhooks cost no more than one.
 *
 * To be called with the lock of the fan-out, which is held until the commit: so the ids are in the order of the
 * commits, and whoever sees a message sees all before it.
 */
export async function writeMessages(
  tx: Pick<Database, "$queryRaw">,
  messages: readonly Message[],
): Promise<number> {
  const rows = await tx.$queryRaw`
    WITH kind AS MATERIALIZED (
      SELECT tenant_id, type, array_agg(at) AS ats, array_agg(payload) AS payloads, array_agg(n) AS ns
      FROM unnest(
        ${messages.map(({ tenantId }) => tenantId)}::uuid[],
        ${messages.map(({ at }) => at.toISOString())}::timestamptz[],
        ${messages.map(({ type }) => type)}::text[],
        ${messages.map(({ payload }) => JSON.stringify(payload))}::jsonb[]
      ) WITH ORDINALITY AS message(tenant_id, at, type, payload, n)
      GROUP BY tenant_id, type
    ),
    addressed AS (
      SELECT kind.tenant_id, kind.type, message.payload, message.n,
        CASE WHEN message.at >= audience.complete_at THEN audience.endpoint_ids ELSE (
          SELECT array_agg(endpoint.id) FROM webhook_endpoint AS endpoint
          WHERE endpoint.tenant_id = kind.tenant_id AND endpoint.id = ANY (audience.endpoint_ids)
            AND endpoint.created_at <= message.at
        ) END AS endpoint_ids
      FROM kind
      CROSS JOIN LATERAL (
        SELECT array_agg(endpoint.id) AS endpoint_ids, max(endpoint.created_at) AS complete_at
        FROM webhook_endpoint AS endpoint
        WHERE endpoint.tenant_id = kind.tenant_id AND endpoint.enabled AND endpoint.deleted_at IS NULL
          AND kind.type = ANY (endpoint.event_types)
      ) AS audience
      CROSS JOIN LATERAL unnest(kind.ats, kind.payloads, kind.ns) AS message(at, payload, n)
      WHERE audience.endpoint_ids IS NOT NULL
    ),
    written AS (
      -- Not the time at which the transaction began, before it had the lock: the log goes by times as by ids.
      INSERT INTO webhook_message (tenant_id, event_type, payload, endpoint_ids, created_at)
      SELECT tenant_id, type, payload, endpoint_ids, clock_timestamp() FROM addressed WHERE endpoint_ids IS NOT NULL
      ORDER BY n
      RETURNING tenant_id, id, endpoint_ids
    ),
    told AS (
      SELECT tenant_id, endpoint_id, min(first) AS first, max(last) AS last
      FROM (
        SELECT tenant_id, endpoint_ids, min(id) AS first, max(id) AS last
        FROM written GROUP BY tenant_id, endpoint_ids
      ) AS alike
      CROSS JOIN unnest(endpoint_ids) AS endpoint_id
      GROUP BY tenant_id, endpoint_id
    ),
    woken AS (
      UPDATE webhook_endpoint
      SET last_expanded = CASE WHEN last_expanded < last_message THEN last_expanded ELSE told.first - 1 END,
        last_message = told.last, ${wake}
      FROM told
      WHERE webhook_endpoint.tenant_id = told.tenant_id AND webhook_endpoint.id = told.endpoint_id
    )
    SELECT count(*)::integer FROM written`;
  return counted.parse(rows)[0].count;
}
