import type { Database } from "@lethe/db";
import { z } from "zod";
import { reckonPurges } from "./reckon-purges.ts";

/** Tenants that one call serves. */
const batchSize = 20;
const staleRows = z.array(z.object({ tenant_id: z.string(), since: z.date() }));

/**
 * Carries out changes of `trash_retention_days` for what lies in the trash. That there is something to do stands in
 * the tenant's own row, written with the change, so that no crash loses it; several processes may do it at once. A
 * change that comes meanwhile has another time, and is left for the next call.
 */
export async function followSettings(db: Database, signal: AbortSignal): Promise<void> {
  const rows = await db.$queryRaw`
    SELECT tenant_id, purge_stale_since AS since
    FROM tenant
    WHERE purge_stale_since IS NOT NULL
    ORDER BY purge_stale_since
    LIMIT ${batchSize}::integer`;
  for (const { tenant_id: tenantId, since } of staleRows.parse(rows)) {
    if (!(await reckonPurges(db, { tenantId, signal }))) continue;
    await db.$executeRaw`
      UPDATE tenant SET purge_stale_since = NULL
      WHERE tenant_id = ${tenantId}::uuid AND purge_stale_since = ${since}::timestamptz`;
  }
}
