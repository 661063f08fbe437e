import type { Database } from "@lethe/db";
import { z } from "zod";
import { readClock } from "../clock.ts";
import type { Actor } from "../context.ts";
import { sqlState, sqlStates } from "../database-error.ts";
import { LetheError } from "../errors.ts";
import { limits } from "../limits.ts";
import type { Credential } from "../types.ts";
import { type FoundPrincipal, hashSecret, principalRows, randomPrefix, randomSecret } from "./principal.ts";
import { grantedScopes, requireCovers, type Scope, usualScopes } from "./scopes.ts";

export type CreateApiKey = {
  tenantId: string;
  /** For people: what the key is for. */
  name: string;
  /** Default: all but those that let others in. */
  scopes?: readonly Scope[] | undefined;
  expiresAt?: Date | null | undefined;
  /** The whole key, where it must be a known one: that of the demo. Default: a random one. */
  secret?: string | undefined;
  /** Who makes it; default: an operator. */
  createdBy?: Pick<Actor, "kind" | "id" | "name"> | undefined;
};

/**
 * Creates an API key, `lethe_<8 readable>_<43 of base64url>`. `apiKey` is the only copy that there will
 * ever be: the database keeps its SHA-256.
 *
 * Throws NOT_FOUND for an unknown tenant.
 */
export async function createApiKey(
  db: Pick<Database, "apiKey">,
  { tenantId, name, scopes = usualScopes, expiresAt = null, secret, createdBy }: CreateApiKey,
): Promise<{ id: string; apiKey: string; prefix: string; createdAt: Date }> {
  const prefix = secret === undefined ? randomPrefix() : secret.slice(0, 14);
  const apiKey = secret ?? `${prefix}_${randomSecret()}`;
  const hash = hashSecret(apiKey);
  if (hash === undefined) throw new RangeError("An API key has 1 to 200 characters");
  const data = {
    ...{ tenantId, name, prefix, hash, scopes: [...scopes], expiresAt },
    ...(createdBy && {
      createdByKind: createdBy.kind,
      createdById: createdBy.id,
      createdByName: createdBy.name ?? null,
    }),
  };
  const created = await db.apiKey
    .create({ data, select: { id: true, createdAt: true } })
    .catch((error: unknown) => {
      if (sqlState(error) !== sqlStates.foreignKeyViolation) throw error;
      throw new LetheError("NOT_FOUND", "not_found", `There is no tenant ${tenantId}`);
    });
  return { ...created, apiKey, prefix };
}

/**
 * Creates an API key for a caller of the tenant, with scopes that they have themselves. `expiresAt` is in the future.
 *
 * Throws FORBIDDEN (beyond_own_rights), BAD_REQUEST for a time that is over, and CONFLICT (too_many_keys).
 */
export async function createTenantKey(
  { db, tenantId, actor }: { db: Database; tenantId: string; actor: Pick<Actor, "kind" | "id" | "name"> },
  {
    name,
    scopes,
    expiresAt,
    held,
  }: { name: string; scopes: readonly Scope[]; expiresAt: Date | null; held: readonly Scope[] },
): Promise<{ id: string; apiKey: string; prefix: string; createdAt: Date; scopes: Scope[] }> {
  const granted = grantedScopes(scopes);
  requireCovers(held, granted);
  const now = (await readClock(db))();
  if (expiresAt !== null && expiresAt <= now)
    throw new LetheError("BAD_REQUEST", "invalid_request", "expires_at is over; give a time in the future");
  const count = await db.apiKey.count({ where: { tenantId, revokedAt: null } });
  if (count >= limits.apiKeys)
    throw new LetheError(
      "CONFLICT",
      "too_many_keys",
      `The tenant has ${count} API keys. Revoke some that are not needed any more`,
    );
  const made = await createApiKey(db, { tenantId, name, scopes: granted, expiresAt, createdBy: actor });
  return { ...made, scopes: granted };
}

/** Whose key has this hash, or undefined if it is no living key of anybody. This is where a tenant is proved. */
export async function findApiKey(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
): Promise<FoundPrincipal | undefined> {
  const rows = await db.$queryRaw`
    SELECT 'api_key' AS kind, id, tenant_id AS "tenantId", id AS "apiKeyId", name, prefix, scopes,
      (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS "expiresInMs"
    FROM api_key
    WHERE hash = ${hash} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
      AND (SELECT leaving_since IS NULL FROM tenant WHERE tenant.tenant_id = api_key.tenant_id)
    LIMIT 1`;
  return principalRows.parse(rows)[0];
}

/** A key that opens something, and the time of the database when it was looked up, in milliseconds since the epoch. */
export type LivingKey = FoundPrincipal & { at: number };

const moments = z.array(z.object({ at: z.number() }));

/** A key of a tenant by its id, or undefined if it is not there, revoked or expired, or the tenant leaves. */
export async function findLivingKey(
  db: Database,
  { tenantId, id }: { tenantId: string; id: string },
): Promise<LivingKey | undefined> {
  const rows = await db.$queryRaw`
    SELECT 'api_key' AS kind, id, tenant_id AS "tenantId", id AS "apiKeyId", name, prefix, scopes,
      (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS "expiresInMs",
      (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at
    FROM api_key
    WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid
      AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
      AND (SELECT leaving_since IS NULL FROM tenant WHERE tenant.tenant_id = ${tenantId}::uuid)`;
  const [found] = principalRows.parse(rows);
  const [moment] = moments.parse(rows);
  return found && moment && { ...found, ...moment };
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
  /** Who made it; null: an operator, or a version that did not write it down. */
  createdBy: Credential | null;
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
      createdByKind: true,
      createdById: true,
      createdByName: true,
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: maxKeys,
  });
  return keys.map(({ createdByKind: kind, createdById: id, createdByName: name, ...key }) => ({
    ...key,
    expired: key.expiresAt !== null && key.expiresAt <= clock(),
    createdBy: kind !== null && id !== null ? { kind, id, name } : null,
  }));
}

/** Throws NOT_FOUND (api_key_not_found) for a key that the tenant does not have and never had. */
export async function requireApiKey(
  db: Database,
  { tenantId, id }: { tenantId: string; id: string },
): Promise<void> {
  if ((await db.apiKey.findFirst({ where: { tenantId, id }, select: { id: true } })) === null)
    throw apiKeyNotFound(id);
}

const apiKeyNotFound = (id: string) =>
  new LetheError("NOT_FOUND", "api_key_not_found", `The tenant has no API key ${id}`);

/**
 * Revokes an API key for a caller of the tenant, who has all of its scopes themselves: `revokeApiKey` otherwise, for an
 * operator.
 *
 * Throws NOT_FOUND (api_key_not_found) and FORBIDDEN (beyond_own_rights).
 */
export async function revokeTenantKey(
  { db, tenantId }: { db: Database; tenantId: string },
  { id, held }: { id: string; held: readonly Scope[] },
): Promise<{ revokedAt: Date }> {
  const key = await db.apiKey.findFirst({ where: { tenantId, id }, select: { scopes: true } });
  if (key === null) throw apiKeyNotFound(id);
  requireCovers(held, grantedScopes(key.scopes));
  return revokeApiKey(db, { tenantId, id });
}

const revoked = z.array(z.object({ revokedAt: z.date() }));

/**
 * Revokes an API key and with it the sessions that were made with it. Processes that have just looked it
 * up believe it for less than a second more. Revoking again keeps the first time.
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
  if (row === undefined) throw apiKeyNotFound(id);
  return row;
}
