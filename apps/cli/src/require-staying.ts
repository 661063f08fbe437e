import type { Database } from "@lethe/db";
import { CommandError } from "./output.ts";

/** Throws a CommandError for a tenant that leaves: what is made to open it opens nothing any more. */
export async function requireStaying(db: Database, tenantId: string): Promise<void> {
  const tenant = await db.tenant.findFirst({ where: { tenantId }, select: { leavingSince: true } });
  if (tenant?.leavingSince)
    throw new CommandError(
      `The tenant leaves, since ${tenant.leavingSince.toISOString()}: no key and no invitation opens it any more. ` +
        `To go on with that: pnpm lethe tenant delete ${tenantId}`,
    );
}
