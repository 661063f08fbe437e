import { type Database, Prisma } from "@lethe/db";
import { milliseconds } from "../clock.ts";
import { isPlacedIn, rowPlace } from "../row-places.ts";

/** Rows that one statement removes. */
const batchSize = 1_000;

/**
 * Removes from the log what is older than `keepMs`, pending or not, and the logs of webhooks that were
 * deleted, then their rows; a bounded number at a time. Answers how many deliveries went.
 */
export async function pruneDeliveries(db: Database, keepMs: number): Promise<number> {
  const old = await inBatches(
    () => db.$executeRaw`
      WITH old AS MATERIALIZED (
        SELECT ${rowPlace} FROM webhook_delivery
        WHERE created_at < statement_timestamp() - ${milliseconds(keepMs)}
        ORDER BY created_at
        LIMIT ${batchSize}::integer
        FOR UPDATE SKIP LOCKED
      )
      DELETE FROM webhook_delivery WHERE ${isPlacedIn(Prisma.sql`old`)}`,
  );
  const orphaned = await inBatches(
    () => db.$executeRaw`
      WITH orphan AS MATERIALIZED (
        SELECT d.part, d.place
        FROM (SELECT tenant_id, id FROM webhook_endpoint WHERE deleted_at IS NOT NULL OFFSET 0) AS e
        CROSS JOIN LATERAL (
          SELECT ${rowPlace} FROM webhook_delivery AS d
          WHERE d.tenant_id = e.tenant_id AND d.endpoint_id = e.id
          -- In the order of the key, and of no other index: for any of them PostgreSQL may look through the logs of all.
          ORDER BY d.id
          LIMIT ${batchSize}::integer
          FOR UPDATE SKIP LOCKED
        ) AS d
        LIMIT ${batchSize}::integer
      )
      DELETE FROM webhook_delivery WHERE ${isPlacedIn(Prisma.sql`orphan`)}`,
  );
  // A process that was at it when it was deleted may still note something; later it cannot.
  await db.$executeRaw`
    WITH deleted AS MATERIALIZED (
      SELECT tenant_id, id, ${rowPlace} FROM webhook_endpoint
      WHERE deleted_at < statement_timestamp() - interval '1 minute'
      LIMIT ${batchSize}::integer
      FOR UPDATE SKIP LOCKED
    ),
    empty AS MATERIALIZED (
      SELECT part, place FROM deleted
      WHERE NOT EXISTS (
        SELECT FROM webhook_delivery AS d WHERE d.tenant_id = deleted.tenant_id AND d.endpoint_id = deleted.id
        ORDER BY d.id
        OFFSET 0
      )
    )
    DELETE FROM webhook_endpoint WHERE ${isPlacedIn(Prisma.sql`empty`)}`;
  return old + orphaned;
}

/** Removes batch after batch, `most` of them, until there is nothing to remove. Answers how many rows went. */
async function inBatches(removeBatch: () => Promise<number>, most = 20): Promise<number> {
  let removed = 0;
  for (let batch = 0; batch < most; batch += 1) {
    const count = await removeBatch();
    removed += count;
    if (count === 0) break;
  }
  return removed;
}

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
    -- Cut off: rounded to the column's milliseconds, it could lie in the future.
    UPDATE webhook_endpoint AS e SET due_at = date_trunc('milliseconds', clock_timestamp())
    FROM overlooked
    WHERE e.tenant_id = overlooked.tenant_id AND e.id = overlooked.id`;
}

/** Batches of a sweep: what a server that deletes all the time has written in a minute goes in a minute. */
const mostBatches = 400;

/**
 * Removes messages that no webhook has still to take, and those that are older than `keepMs`; a bounded number at a
 * time. Answers how many went.
 *
 * A webhook that is behind keeps what lies between its place and its last message, also while it is disabled, and no
 * more: what came after is as free as what came before. So a look begins behind nothing and behind each of these
 * stretches, and goes on only where it meets a message that is free.
 */
export function pruneMessages(db: Database, keepMs: number): Promise<number> {
  const mayGo = (message: Prisma.Sql) => Prisma.sql`(
    ${message}.created_at < statement_timestamp() - ${milliseconds(keepMs)}
    OR NOT EXISTS (
      SELECT FROM webhook_endpoint AS e
      WHERE e.tenant_id = ${message}.tenant_id AND e.deleted_at IS NULL
        AND e.last_expanded < ${message}.id AND ${message}.id <= e.last_message
      OFFSET 0
    )
  )`;
  return inBatches(
    () => db.$executeRaw`
      WITH RECURSIVE ${told},
      done AS MATERIALIZED (
        SELECT next.tenant_id, next.id
        FROM told
        CROSS JOIN LATERAL (
          SELECT 0 AS place
          UNION ALL
          SELECT e.last_message FROM webhook_endpoint AS e
          WHERE e.tenant_id = told.tenant_id AND e.deleted_at IS NULL AND e.last_expanded < e.last_message
        ) AS edge
        CROSS JOIN LATERAL (
          SELECT tenant_id, id, created_at FROM webhook_message
          WHERE tenant_id = told.tenant_id AND id > edge.place
          ORDER BY id
          LIMIT 1
        ) AS first
        CROSS JOIN LATERAL (
          SELECT tenant_id, id, created_at FROM webhook_message
          WHERE tenant_id = told.tenant_id AND id >= first.id AND ${mayGo(Prisma.sql`first`)}
          ORDER BY id
          LIMIT ${batchSize}::integer
        ) AS next
        WHERE ${mayGo(Prisma.sql`next`)}
        LIMIT ${batchSize}::integer
      ),
      free AS MATERIALIZED (
        SELECT message.part, message.place
        FROM done
        CROSS JOIN LATERAL (
          SELECT ${rowPlace} FROM webhook_message AS message
          WHERE message.tenant_id = done.tenant_id AND message.id = done.id
          FOR UPDATE SKIP LOCKED
        ) AS message
      )
      DELETE FROM webhook_message WHERE ${isPlacedIn(Prisma.sql`free`)}`,
    mostBatches,
  );
}
