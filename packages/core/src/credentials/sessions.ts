import { type Database, Prisma } from "@lethe/db";
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

/** A person's session ends when nobody has used it for so long (OWASP ASVS 5.0, 7.3.1). */
export const idleHours = 72;

/**
 * Whether a person lacks the second factor that a tenant asks for, over rows of both. Who signs in by a provider of
 * identities alone has that of the provider, or none: its rules are not ours.
 */
export const lacksSecondFactor = Prisma.sql`
  tenant.require_second_factor AND NOT person.two_factor_enabled AND EXISTS (
    SELECT FROM person_account WHERE person_account.person_id = person.id AND person_account.provider_id = 'credential'
    -- PostgreSQL would look through the accounts of everybody once, for all that ask.
    OFFSET 0
  )`;

/**
 * Whose session has this hash, or undefined. One that was made with an API key lives no longer than that. A person's is of
 * the tenant that it looks at, with the role that they have there now, unless they lack the second factor that it asks for.
 */
export async function findSession(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
): Promise<FoundPrincipal | undefined> {
  const rows = await db.$queryRaw`
    SELECT 'session' AS kind, session.id, session.tenant_id AS "tenantId", api_key.id AS "apiKeyId",
      NULL::uuid AS "sessionId", api_key.name, api_key.prefix, NULL AS email, NULL AS role, api_key.scopes,
      (extract(epoch FROM least(session.expires_at, api_key.expires_at) - clock_timestamp()) * 1000)::float8
        AS "expiresInMs"
    FROM session
    CROSS JOIN LATERAL (
      -- By its key: where nobody has analyzed them PostgreSQL takes few keys of all for living ones, and begins with these.
      SELECT * FROM api_key WHERE api_key.tenant_id = session.tenant_id AND api_key.id = session.api_key_id OFFSET 0
    ) AS api_key
    WHERE session.hash = ${hash}
      AND session.expires_at > clock_timestamp()
      AND api_key.revoked_at IS NULL
      AND (api_key.expires_at IS NULL OR api_key.expires_at > clock_timestamp())
      AND (SELECT leaving_since IS NULL FROM tenant WHERE tenant.tenant_id = session.tenant_id)
    UNION ALL
    SELECT 'person', person.id, member.tenant_id, NULL, session.id, person.name, NULL, person.email, member.role, NULL,
      (extract(epoch FROM session.expires_at - clock_timestamp()) * 1000)::float8
    FROM person_session AS session
    JOIN member ON member.tenant_id = session.tenant_id AND member.person_id = session.person_id
    JOIN person ON person.id = session.person_id
    CROSS JOIN LATERAL (
      -- By its key, whatever the statistics say.
      SELECT * FROM tenant WHERE tenant.tenant_id = member.tenant_id OFFSET 0
    ) AS tenant
    WHERE session.hash = ${storedHash(hash)} AND session.expires_at > clock_timestamp()
      AND session.updated_at > clock_timestamp() - ${idleHours}::int * interval '1 hour'
      AND tenant.leaving_since IS NULL
      AND NOT (${lacksSecondFactor})
    LIMIT 1`;
  return principalRows.parse(rows)[0];
}

/**
 * The token in a session's cookie. better-auth appends a signature to a person's, which guards nothing here: 190 random
 * bits are looked up by their hash.
 */
export const sessionTokenOf = (cookie: string): string => cookie.split(".", 1)[0] ?? "";

/** The hash of a secret as better-auth's tables have it: text. */
export const storedHash = (hash: Uint8Array): string => Buffer.from(hash).toString("hex");

/** Signs a browser out. The token is the proof of whose session it is; an unknown one is no failure. */
export async function deleteSession(db: Database, { token }: { token: string }): Promise<void> {
  const hash = hashSecret(token);
  if (hash === undefined) return;
  await db.session.deleteMany({ where: { hash } });
  await db.personSession.deleteMany({ where: { hash: storedHash(hash) } });
}
