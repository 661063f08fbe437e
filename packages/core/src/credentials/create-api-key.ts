import type { Database } from "@lethe/db";
import { z } from "zod";
import { sqlState, sqlStates } from "../database-error.ts";
import { LetheError } from "../errors.ts";
import { scopes as allScopes, type Scope } from "./scopes.ts";
import { hashSecret, randomPrefix, randomSecret } from "./secret.ts";

const created = z.tuple([z.object({ id: z.string(), created_at: z.date() })]);

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
  db: Pick<Database, "$queryRaw">,
  { tenantId, name, scopes = allScopes, expiresAt = null, secret }: CreateApiKey,
): Promise<{ id: string; apiKey: string; prefix: string; createdAt: Date }> {
  const prefix = secret === undefined ? randomPrefix() : secret.slice(0, 14);
  const apiKey = secret ?? `${prefix}_${randomSecret()}`;
  const hash = hashSecret(apiKey);
  if (hash === undefined) throw new RangeError("An API key has 1 to 200 characters");
  const rows = await db.$queryRaw`
    INSERT INTO api_key (tenant_id, name, prefix, hash, scopes, expires_at)
    VALUES (${tenantId}::uuid, ${name}, ${prefix}, ${hash}, ${[...scopes]}::text[], ${expiresAt}::timestamptz)
    RETURNING id, created_at`.catch((error: unknown) => {
    if (sqlState(error) !== sqlStates.foreignKeyViolation) throw error;
    throw new LetheError("NOT_FOUND", "not_found", `There is no tenant ${tenantId}`);
  });
  const [row] = created.parse(rows);
  return { id: row.id, apiKey, prefix, createdAt: row.created_at };
}
