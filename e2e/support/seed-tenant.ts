import { createHash, randomBytes } from "node:crypto";
import { withDatabase } from "./with-database.ts";

export type SeededTenant = { tenantId: string; apiKey: string };

const everything = ["chats:read", "chats:write", "chats:delete", "holds:write", "settings:write"];

/** Gives a test a tenant of its own, with one key that may do everything, or only what `scopes` say. */
export async function seedTenant(name: string, scopes = everything): Promise<SeededTenant> {
  const { apiKey, key } = makeKey(scopes);
  const { tenantId } = await withDatabase((db) =>
    db.tenant.create({ data: { name, apiKeys: { create: key } } }),
  );
  return { tenantId, apiKey };
}

/** Gives a tenant a further key. */
export async function seedKey(tenantId: string, scopes = everything): Promise<string> {
  const { apiKey, key } = makeKey(scopes);
  await withDatabase((db) => db.apiKey.create({ data: { tenantId, ...key } }));
  return apiKey;
}

function makeKey(scopes: string[]) {
  const apiKey = `lethe_e2e_${randomBytes(32).toString("base64url")}`;
  const key = {
    name: "e2e",
    prefix: apiKey.slice(0, 12),
    hash: createHash("sha256").update(apiKey).digest(),
    scopes,
  };
  return { apiKey, key };
}
