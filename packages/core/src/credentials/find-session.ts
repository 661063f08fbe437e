import type { Database } from "@lethe/db";
import { type FoundPrincipal, principalRows } from "./principal.ts";

/** Whose session has this hash, or undefined. A session lives no longer than the key it was made with. */
export async function findSession(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
): Promise<FoundPrincipal | undefined> {
  const rows = await db.$queryRaw`
    SELECT session.id, session.tenant_id, session.api_key_id, api_key.scopes,
      (extract(epoch FROM least(session.expires_at, api_key.expires_at) - clock_timestamp()) * 1000)::float8
        AS expires_in_ms
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
