import { createHash, randomBytes } from "node:crypto";
import { createClient, openDatabase } from "@lethe/db";

export type SeededTenant = { tenantId: string; apiKey: string };

const everything = ["chats:read", "chats:write", "chats:delete", "holds:write", "settings:write"];

/** Gives a test a tenant of its own, with one key that may do everything, or only what `scopes` say. */
export async function seedTenant(name: string, scopes = everything): Promise<SeededTenant> {
  const dataDir = process.env.LETHE_E2E_DATA_DIR;
  if (!dataDir)
    throw new Error("LETHE_E2E_DATA_DIR is not set: run the specs through Playwright's global setup");
  const database = await openDatabase({ dataDir });
  const db = createClient({ url: database.url, poolSize: 1 });
  try {
    const apiKey = `lethe_e2e_${randomBytes(32).toString("base64url")}`;
    const { tenantId } = await db.tenant.create({
      data: {
        name,
        apiKeys: {
          create: {
            name: "e2e",
            prefix: apiKey.slice(0, 12),
            hash: createHash("sha256").update(apiKey).digest(),
            scopes,
          },
        },
      },
    });
    return { tenantId, apiKey };
  } finally {
    await db.$disconnect();
    await database.close();
  }
}
