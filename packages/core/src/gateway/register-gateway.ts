import { randomUUID } from "node:crypto";
import type { Database } from "@lethe/db";
import { lease } from "./lease.ts";

/**
 * Takes out a lease for a process that will hold sockets and answers the gateway's id.
 *
 * `host` is for people who look at the table. `leaseMs` runs by the database's clock.
 */
export async function registerGateway({
  db,
  host,
  leaseMs = lease.ms,
}: {
  db: Database;
  host: string;
  leaseMs?: number;
}): Promise<{ id: string }> {
  const id = randomUUID();
  await db.$executeRaw`
    INSERT INTO gateway (id, host, lease_expires_at)
    VALUES (${id}::uuid, ${host}, clock_timestamp() + ${leaseMs}::integer * interval '1 millisecond')`;
  return { id };
}
