import { type Database, Prisma } from "@lethe/db";
import { milliseconds } from "../clock.ts";
import { batchSize, inBatches } from "./prune-deliveries.ts";

/** The tenants that have messages, in SQL, for WITH RECURSIVE: one look into the index for each, however many it has. */
const told = Prisma.sql`
  step(tenant_id) AS (
    (SELECT tenant_id FROM webhook_message ORDER BY tenant_id LIMIT 1)
    UNION ALL
    SELECT (
      SELECT message.tenant_id FROM webhook_message AS message
      WHERE message.tenant_id > step.tenant_id
      ORDER BY message.tenant_id
      LIMIT 1
    )
    FROM step WHERE step.tenant_id IS NOT NULL
  ),
  told AS MATERIALIZED (SELECT tenant_id FROM step WHERE tenant_id IS NOT NULL)`;

/**
 * Has webhooks looked at that have messages to come and are not due: so a process of the version before, which knows
 * of no messages, gives back what it held.
 */
export async function wakeOverlooked(db: Database): Promise<void> {
  await db.$executeRaw`
    WITH RECURSIVE ${told},
    overlooked AS MATERIALIZED (
      SELECT e.tenant_id, e.id
      FROM told
      CROSS JOIN LATERAL (
        SELECT tenant_id, id FROM webhook_endpoint AS e
        WHERE e.tenant_id = told.tenant_id AND e.enabled AND e.deleted_at IS NULL AND e.leased_by IS NULL
          AND e.last_expanded < e.last_message AND coalesce(e.due_at > statement_timestamp(), true)
        FOR NO KEY UPDATE SKIP LOCKED
      ) AS e
    )
    UPDATE webhook_endpoint AS e SET due_at = clock_timestamp()
    FROM overlooked
    WHERE e.tenant_id = overlooked.tenant_id AND e.id = overlooked.id`;
}

/**
 * Removes messages that every webhook of their tenant has taken which is to be told of anything, and those that are
 * older than `keepMs`; of each tenant the oldest first, a bounded number at a time. Answers how many went.
 */
export function pruneMessages(db: Database, keepMs: number): Promise<number> {
  return inBatches(
    () => db.$executeRaw`
      WITH RECURSIVE ${told},
      done AS MATERIALIZED (
        SELECT oldest.tenant_id, oldest.id
        FROM told
        CROSS JOIN LATERAL (
          SELECT min(e.last_expanded) AS by_all FROM webhook_endpoint AS e
          WHERE e.tenant_id = told.tenant_id AND e.deleted_at IS NULL AND e.last_expanded < e.last_message
        ) AS taken
        CROSS JOIN LATERAL (
          SELECT tenant_id, id, created_at FROM webhook_message
          WHERE tenant_id = told.tenant_id
          ORDER BY id
          LIMIT ${batchSize}::integer
        ) AS oldest
        WHERE taken.by_all IS NULL OR oldest.id <= taken.by_all
          OR oldest.created_at < statement_timestamp() - ${milliseconds(keepMs)}
        LIMIT ${batchSize}::integer
      ),
      free AS MATERIALIZED (
        SELECT message.place
        FROM done
        CROSS JOIN LATERAL (
          SELECT ctid AS place FROM webhook_message AS message
          WHERE message.tenant_id = done.tenant_id AND message.id = done.id
          FOR UPDATE SKIP LOCKED
        ) AS message
      )
      DELETE FROM webhook_message WHERE ctid = ANY (ARRAY(SELECT place FROM free))`,
  );
}
