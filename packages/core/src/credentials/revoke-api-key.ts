import type { Database } from "@lethe/db";
import { z } from "zod";
import { LetheError } from "../errors.ts";

const revoked = z.array(z.object({ revoked_at: z.date() }));

/**
 * Revokes an API key and with it the sessions that were made with it. Processes that have just looked it
 * up believe it for three seconds more. Revoking again keeps the first time.
 *
 * Throws NOT_FOUND for a key that the tenant does not have.
 */
export async function revokeApiKey(
  db: Database,
  { tenantId, id }: { tenantId: string; id: string },
): Promise<{ revokedAt: Date }> {
  const rows = await db.$queryRaw`
    UPDATE api_key SET revoked_at = coalesce(revoked_at, clock_timestamp())
    WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid
    RETURNING revoked_at`;
  const [row] = revoked.parse(rows);
  if (row === undefined) throw new LetheError("NOT_FOUND", "not_found", `The tenant has no API key ${id}`);
  return { revokedAt: row.revoked_at };
}
