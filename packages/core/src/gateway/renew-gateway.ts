import type { Database } from "@lethe/db";
import { lease } from "./lease.ts";

/**
 * Prolongs a lease to `leaseMs` from now. False when it has lapsed or the gateway is gone: its
 * connections may have been ignored by a deletion meanwhile, so they must be closed and a new gateway
 * registered.
 *
 * Count the fence (see `lease.fenceMs`) from the moment before the call, not from its answer.
 */
export async function renewGateway({
  db,
  id,
  leaseMs = lease.ms,
}: {
  db: Database;
  id: string;
  leaseMs?: number;
}): Promise<boolean> {
  const renewed = await db.$executeRaw`
    UPDATE gateway
    SET lease_expires_at = clock_timestamp() + ${leaseMs}::integer * interval '1 millisecond'
    WHERE id = ${id}::uuid AND lease_expires_at > clock_timestamp()`;
  return renewed === 1;
}
