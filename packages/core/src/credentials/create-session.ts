import type { Database } from "@lethe/db";
import { z } from "zod";
import { invalidCredentials, type Principal } from "./principal.ts";
import { hashSecret, randomSecret } from "./secret.ts";

const dayMs = 24 * 3_600_000;
const created = z.array(z.object({ id: z.string(), expires_at: z.date() }));

/**
 * Signs a browser in for the holder of an API key, for `ttlMs` (default: seven days), which it answers too. `token`
 * is the only copy that there will ever be. Sessions of the same key that have run out are cleared away.
 *
 * Throws UNAUTHORIZED when the key was revoked or has expired meanwhile.
 */
export async function createSession(
  db: Database,
  { tenantId, apiKeyId }: Pick<Principal, "tenantId" | "apiKeyId">,
  { ttlMs = 7 * dayMs }: { ttlMs?: number } = {},
): Promise<{ id: string; token: string; expiresAt: Date; ttlMs: number }> {
  const token = randomSecret();
  const rows = await db.$queryRaw`
    WITH cleared AS (
      DELETE FROM session
      WHERE tenant_id = ${tenantId}::uuid AND api_key_id = ${apiKeyId}::uuid AND expires_at < clock_timestamp()
    )
    INSERT INTO session (tenant_id, api_key_id, hash, expires_at)
    SELECT tenant_id, id, ${hashSecret(token)}, clock_timestamp() + ${ttlMs}::float8 * interval '1 millisecond'
    FROM api_key
    WHERE tenant_id = ${tenantId}::uuid AND id = ${apiKeyId}::uuid
      AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
    RETURNING id, expires_at`;
  const [session] = created.parse(rows);
  if (session === undefined) throw invalidCredentials("API key");
  return { id: session.id, token, expiresAt: session.expires_at, ttlMs };
}
