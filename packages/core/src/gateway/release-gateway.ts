import type { Database } from "@lethe/db";
import { retryingDeadlocks } from "../database-error.ts";

/** Gives a lease back, and with it every connection of the gateway. Call it when all sockets are closed. */
export async function releaseGateway({ db, id }: { db: Database; id: string }): Promise<void> {
  // The connections are locked in the order in which a deletion takes them, before the cascade does it
  // in none: otherwise the two would often wait for each other.
  await retryingDeadlocks(
    () => db.$executeRaw`
      WITH held AS MATERIALIZED (
        SELECT 1 FROM connection
        WHERE gateway_id = ${id}::uuid
        ORDER BY tenant_id, chat_id, id
        FOR UPDATE
      )
      DELETE FROM gateway WHERE id = ${id}::uuid AND (SELECT count(*) FROM held) >= 0`,
  );
}
