import type { Database } from "@lethe/db";
import { milliseconds } from "../clock.ts";

/** Rows that one statement removes. */
export const batchSize = 1_000;

/**
 * Removes from the log what is older than `keepMs`, pending or not, and the logs of webhooks that were
 * deleted, then their rows; a bounded number at a time. Answers how many deliveries went.
 */
export async function pruneDeliveries(db: Database, keepMs: number): Promise<number> {
  const old = await inBatches(
    () => db.$executeRaw`
      DELETE FROM webhook_delivery
      WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM webhook_delivery
        WHERE created_at < statement_timestamp() - ${milliseconds(keepMs)}
        ORDER BY created_at
        LIMIT ${batchSize}::integer
        FOR UPDATE SKIP LOCKED
      ))`,
  );
  const orphaned = await inBatches(
    () => db.$executeRaw`
      DELETE FROM webhook_delivery
      WHERE ctid = ANY (ARRAY(
        SELECT d.place
        FROM (SELECT tenant_id, id FROM webhook_endpoint WHERE deleted_at IS NOT NULL OFFSET 0) AS e
        CROSS JOIN LATERAL (
          SELECT ctid AS place FROM webhook_delivery AS d
          WHERE d.tenant_id = e.tenant_id AND d.endpoint_id = e.id
          LIMIT ${batchSize}::integer
          FOR UPDATE SKIP LOCKED
        ) AS d
        LIMIT ${batchSize}::integer
      ))`,
  );
  // A process that was at it when it was deleted may still note something; later it cannot.
  await db.$executeRaw`
    DELETE FROM webhook_endpoint AS e
    USING (
      SELECT tenant_id, id FROM webhook_endpoint
      WHERE deleted_at < statement_timestamp() - interval '1 minute'
      LIMIT ${batchSize}::integer
    ) AS empty
    WHERE e.tenant_id = empty.tenant_id AND e.id = empty.id AND NOT EXISTS (
      SELECT FROM webhook_delivery AS d WHERE d.tenant_id = e.tenant_id AND d.endpoint_id = e.id
      OFFSET 0
    )`;
  return old + orphaned;
}

/** Removes batch after batch, `most` of them, until there is nothing to remove. Answers how many rows went. */
export async function inBatches(removeBatch: () => Promise<number>, most = 20): Promise<number> {
  let removed = 0;
  for (let batch = 0; batch < most; batch += 1) {
    const count = await removeBatch();
    removed += count;
    if (count === 0) break;
  }
  return removed;
}
