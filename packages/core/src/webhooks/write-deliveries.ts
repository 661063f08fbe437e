import type { Database } from "@lethe/db";
import { wake } from "./endpoint-leases.ts";
import type { Message } from "./to-messages.ts";

/**
 * Writes one delivery for every message and every webhook of its tenant that is enabled, wants its type and
 * was there when it happened, and has those webhooks worked on. Answers how many.
 */
export function writeDeliveries(
  tx: Pick<Database, "$executeRaw">,
  messages: readonly Message[],
): Promise<number> {
  return tx.$executeRaw`
    WITH message AS (
      SELECT * FROM unnest(
        ${messages.map(({ tenantId }) => tenantId)}::uuid[],
        ${messages.map(({ at }) => at.toISOString())}::timestamptz[],
        ${messages.map(({ type }) => type)}::text[],
        ${messages.map(({ payload }) => JSON.stringify(payload))}::jsonb[]
      ) AS message(tenant_id, at, type, payload)
    ),
    addressed AS MATERIALIZED (
      SELECT message.*, endpoint.id AS endpoint_id
      FROM message
      JOIN webhook_endpoint AS endpoint ON endpoint.tenant_id = message.tenant_id
      WHERE endpoint.enabled AND endpoint.deleted_at IS NULL
        AND message.type = ANY (endpoint.event_types) AND message.at >= endpoint.created_at
    ),
    woken AS (
      UPDATE webhook_endpoint SET ${wake}
      FROM (SELECT DISTINCT tenant_id, endpoint_id FROM addressed) AS e
      WHERE webhook_endpoint.tenant_id = e.tenant_id AND webhook_endpoint.id = e.endpoint_id
    )
    INSERT INTO webhook_delivery (tenant_id, endpoint_id, event_type, payload, next_attempt_at)
    SELECT tenant_id, endpoint_id, type, payload, clock_timestamp() FROM addressed`;
}
