import type { Database } from "@lethe/db";
import { z } from "zod";
import type { TenantId } from "../context.ts";
import { provenTenantId } from "../credentials/principal.ts";

/** A chat whose `purge_at` has come, as it was seen. */
export type RipeChat = {
  tenantId: TenantId;
  chatId: string;
  version: number;
  messages: number;
  /**
   * `due`: to be deleted. `held`: somebody has said that it must be kept. `early`: the tenant's days have become more
   * since `purge_at` was reckoned.
   */
  verdict: "due" | "held" | "early";
};

const lockRows = z.tuple([z.object({ mine: z.boolean() })]);
const ripeRows = z.array(
  z
    .object({
      tenant_id: provenTenantId,
      chat_id: z.string(),
      version: z.int(),
      messages: z.int(),
      verdict: z.enum(["due", "held", "early"]),
    })
    .transform(
      (row): RipeChat => ({
        tenantId: row.tenant_id,
        chatId: row.chat_id,
        version: row.version,
        messages: row.messages,
        verdict: row.verdict,
      }),
    ),
);

/**
 * Finds up to `limit` chats of a tenant whose `purge_at` has come, those that have waited longest first, and
 * judges them by the tenant's days as they are now. Until the transaction `tx` ends they cannot be changed; nothing
 * is found while somebody is changing them, or another process is at this trash.
 */
export async function lockRipeChats(
  tx: Pick<Database, "$queryRaw">,
  tenantId: string,
  limit: number,
): Promise<RipeChat[]> {
  // One process at a time purges a tenant's trash. Each chat is found by its key, whatever the statistics say.
  const [{ mine }] = lockRows.parse(
    await tx.$queryRaw`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${`trash_purge:${tenantId}`}, 0)) AS mine,
        set_config('enable_seqscan', 'off', true)`,
  );
  if (!mine) return [];
  const rows = await tx.$queryRaw`
    WITH ripe AS MATERIALIZED (
      SELECT tenant_id, id, version, message_count, held_at, trashed_at
      FROM chat
      WHERE tenant_id = ${tenantId}::uuid AND purge_at <= statement_timestamp()
      ORDER BY purge_at
      LIMIT ${limit}::integer
    ),
    owner AS MATERIALIZED (
      SELECT tenant_id, trash_retention_days AS days
      FROM tenant
      WHERE tenant_id = ${tenantId}::uuid
      FOR SHARE SKIP LOCKED
    )
    SELECT ripe.tenant_id, ripe.id AS chat_id, ripe.version, ripe.message_count AS messages,
      CASE
        WHEN owner.days > 0 AND ripe.trashed_at + owner.days * interval '24 hours' <= statement_timestamp()
          THEN CASE WHEN ripe.held_at IS NULL THEN 'due' ELSE 'held' END
        ELSE 'early'
      END AS verdict
    FROM ripe
    JOIN owner ON owner.tenant_id = ripe.tenant_id`;
  return ripeRows.parse(rows);
}
