import type { Database } from "@lethe/db";
import { readClock } from "../clock.ts";
import { createApiKey } from "../credentials/create-api-key.ts";
import { demoChats } from "./demo-chats.ts";
import { writeChats } from "./write-chats.ts";

/** The demo's API key. It is public, so it exists only where somebody asked for the demo. */
export const demoApiKey = "your-tenant-api-key";

/** The demo's tenant. As long as its row exists, the demo is never written again. */
export const demoTenantId = "de300000-0000-4000-8000-000000000001";

const lockKey = 0x6c_65_74_68_65;

/** What `seedDemo` found or did. */
export type DemoState = "seeded" | "present" | "in_use";

/**
 * Gives a database that nobody has used its demo tenant, with a key and some forty chats. It does so
 * once: what was deleted since stays deleted. Any number of processes may call it at once.
 * @returns "seeded"; "present" when it was seeded before; "in_use" when the database holds or held
 *   chats of others and so gets no demo
 */
export async function seedDemo(db: Database): Promise<DemoState> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${lockKey}::bigint)`;
    const seeded = await tx.tenant.findUnique({ where: { tenantId: demoTenantId } });
    if (seeded) return "present";
    const used = (await tx.transcript.findFirst()) ?? (await tx.deletion.findFirst());
    if (used) return "in_use";
    await tx.tenant.create({ data: { tenantId: demoTenantId, name: "Demo" } });
    await createApiKey(tx, {
      tenantId: demoTenantId,
      name: "Demo key, known to everybody",
      secret: demoApiKey,
    });
    const clock = await readClock(tx);
    await writeChats(tx, demoTenantId, demoChats(clock()));
    return "seeded";
  });
}
