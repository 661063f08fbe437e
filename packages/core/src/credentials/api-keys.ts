import type { Database } from "@lethe/db";
import { z } from "zod";
import { readClock } from "../clock.ts";
import { sqlState, sqlStates } from "../database-error.ts";
import { LetheError } from "../errors.ts";
import { type FoundPrincipal, hashSecret, principalRows, randomPrefix, randomSecret } from "./principal.ts";
import { scopes as allScopes, type Scope } from "./scopes.ts";

export type CreateApiKey = {
  tenantId: string;
  /** For people: what the key is for. */
  name: string;
  /** Default: all. */
  scopes?: readonly Scope[] | undefined;
  expiresAt?: Date | null | undefined;
  /** The whole key, where it must be a known one: that of the demo. Default: a random one. */
  secret?: string | undefined;
};

/**
 * Creates an API key, `lethe_<8 readable>_<43 of base64url>`. `apiKey` is the only copy that there will
 * ever be: the database keeps its SHA-256.
 *
 * Throws NOT_FOUND for an unknown tenant.
 */
export async function createApiKey(
  db: Pick<Database, "apiKey">,
  { tenantId, name, scopes = allScopes, expiresAt = null, secret }: CreateApiKey,
): Promise<{ id: string; apiKey: string; prefix: string; createdAt: Date }> {
  const prefix = secret === undefined ? randomPrefix() : secret.slice(0, 14);
  const apiKey = secret ?? `${prefix}_${randomSecret()}`;
  const hash = hashSecret(apiKey);
  if (hash === undefined) throw new RangeError("An API key has 1 to 200 characters");
  const data = { tenantId, name, prefix, hash, scopes: [...scopes], expiresAt };
  const created = await db.apiKey
    .create({ data, select: { id: true, createdAt: true } })
    .catch((error: unknown) => {
      if (sqlState(error) !== sqlStates.foreignKeyViolation) throw error;
      throw new LetheError("NOT_FOUND", "not_found", `There is no tenant ${tenantId}`);
    });
  return { ...created, apiKey, prefix };
}

/** Whose key has this hash, or undefined if it is no living key of anybody. This is where a tenant is proved. */
export async function findApiKey(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
): Promise<FoundPrincipal | undefined> {
  const rows = await db.$queryRaw`
    SELECT id, tenant_id AS "tenantId", id AS "apiKeyId", scopes,
      (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS "expiresInMs"
    FROM api_key
    WHERE hash = ${hash} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
    LIMIT 1`;
  const [found] = principalRows.parse(rows);
  if (found === undefined) return undefined;
  const { expiresInMs, ...principal } = found;
  return { principal: { kind: "api_key", ...principal }, expiresInMs };
}

/** What may be known of a key after it was created: not the key. */
export type ApiKey = {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** Whether it is past `expiresAt`, by the database's clock. */
  expired: boolean;
  /** Exact to a minute or two. */
  lastUsedAt: Date | null;
};

const maxKeys = 1_000;

/** A tenant's API keys, the newest first, at most 1000; revoked and expired ones among them. */
export async function listApiKeys(db: Database, { tenantId }: { tenantId: string }): Promise<ApiKey[]> {
  const clock = await readClock(db);
  const keys = await db.apiKey.findMany({
    where: { tenantId },
    select: {
      id: true,
      name: true,
      prefix: true,
      scopes: true,
      createdAt: true,
      expiresAt: true,
      revokedAt: true,
      lastUsedAt: true,
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: maxKeys,
  });
  return keys.map((key) => ({ ...key, expired: key.expiresAt !== null && key.expiresAt <= clock() }));
}

const revoked = z.array(z.object({ revokedAt: z.date() }));

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
    RETURNING revoked_at AS "revokedAt"`;
  const [row] = revoked.parse(rows);
  if (row === undefined) throw new LetheError("NOT_FOUND", "not_found", `The tenant has no API key ${id}`);
  return row;
}
