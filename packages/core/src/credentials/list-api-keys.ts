import type { Database } from "@lethe/db";

/** What may be known of a key after it was created: not the key. */
export type ApiKey = {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** Exact to a minute or two. */
  lastUsedAt: Date | null;
};

const maxKeys = 1_000;

/** A tenant's API keys, the newest first, at most 1000; revoked and expired ones among them. */
export function listApiKeys(db: Database, { tenantId }: { tenantId: string }): Promise<ApiKey[]> {
  return db.apiKey.findMany({
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
}
