import type { Database } from "@lethe/db";
import { readClock } from "../clock.ts";

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
