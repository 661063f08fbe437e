import type { Database } from "@lethe/db";
import { z } from "zod";
import {
  type FoundPrincipal,
  hashSecret,
  invalidCredentials,
  type Principal,
  principalRows,
  randomSecret,
} from "./principal.ts";

const dayMs = 24 * 3_600_000;
const created = z.array(z.object({ id: z.string(), expiresAt: z.date() }));

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
    RETURNING id, expires_at AS "expiresAt"`;
  const [session] = created.parse(rows);
  if (session === undefined) throw invalidCredentials("API key");
  return { ...session, token, ttlMs };
}

/** Whose session has this hash, or undefined. A session lives no longer than the key it was made with. */
export async function findSession(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
): Promise<FoundPrincipal | undefined> {
  const rows = await db.$queryRaw`
    SELECT session.id, session.tenant_id AS "tenantId", session.api_key_id AS "apiKeyId", api_key.scopes,
      (extract(epoch FROM least(session.expires_at, api_key.expires_at) - clock_timestamp()) * 1000)::float8
        AS "expiresInMs"
    FROM session
    JOIN api_key ON api_key.tenant_id = session.tenant_id AND api_key.id = session.api_key_id
    WHERE session.hash = ${hash}
      AND session.expires_at > clock_timestamp()
      AND api_key.revoked_at IS NULL
      AND (api_key.expires_at IS NULL OR api_key.expires_at > clock_timestamp())
    LIMIT 1`;
  const [found] = principalRows.parse(rows);
  if (found === undefined) return undefined;
  const { expiresInMs, ...principal } = found;
  return { principal: { kind: "session", ...principal }, expiresInMs };
}

/** Signs a browser out. The token is the proof of whose session it is; an unknown one is no failure. */
export async function deleteSession(db: Database, { token }: { token: string }): Promise<void> {
  const hash = hashSecret(token);
  if (hash !== undefined) await db.session.deleteMany({ where: { hash } });
}
