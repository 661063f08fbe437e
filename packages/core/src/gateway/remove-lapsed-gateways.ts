import type { Database } from "@lethe/db";
import { retryingDeadlocks } from "../database-error.ts";

/** Gateways that one call removes. */
const batchSize = 20;

/**
 * Removes what crashed gateways left behind: those whose lease lapsed more than `olderThanMs` ago, with
 * their connections. Answers how many went; a few at a time, so call it now and then.
 */
export function removeLapsedGateways({
  db,
  olderThanMs = 60_000,
}: {
  db: Database;
  olderThanMs?: number;
}): Promise<number> {
  return retryingDeadlocks(
    () => db.$executeRaw`
      DELETE FROM gateway
      WHERE id IN (
        SELECT id FROM gateway
        WHERE lease_expires_at < clock_timestamp() - ${olderThanMs}::integer * interval '1 millisecond'
        ORDER BY lease_expires_at
        LIMIT ${batchSize}::integer
        FOR UPDATE SKIP LOCKED
      )`,
  );
}
