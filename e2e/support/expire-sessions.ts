import { createClient, openDatabase } from "@lethe/db";

/** Lets a tenant's sessions end now, as if their time had passed. */
export async function expireSessions(tenantId: string): Promise<void> {
  const database = await openDatabase({ dataDir: process.env.LETHE_E2E_DATA_DIR ?? "" });
  const db = createClient({ url: database.url, poolSize: 1 });
  try {
    await db.session.updateMany({ where: { tenantId }, data: { expiresAt: new Date(Date.now() - 1_000) } });
  } finally {
    await db.$disconnect();
    await database.close();
  }
}
