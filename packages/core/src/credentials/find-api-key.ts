import type { Database } from "@lethe/db";
import { type FoundPrincipal, principalRows } from "./principal.ts";

/** Whose key has this hash, or undefined if it is no living key of anybody. This is where a tenant is proved. */
export async function findApiKey(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
): Promise<FoundPrincipal | undefined> {
  const rows = await db.$queryRaw`
    SELECT id, tenant_id, id AS api_key_id, scopes,
      (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS expires_in_ms
    FROM api_key
    WHERE hash = ${hash} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
    LIMIT 1`;
  const [found] = principalRows.parse(rows);
  if (found === undefined) return undefined;
  const { expiresInMs, ...principal } = found;
  return { principal: { kind: "api_key", ...principal }, expiresInMs };
}
