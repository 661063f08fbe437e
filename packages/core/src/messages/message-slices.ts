import { type Database, Prisma } from "@lethe/db";
import { inOrder } from "../in-order.ts";

/** Messages of a slice, about; and how many one of them counts for that comes up when lots are drawn. */
export const slice = { size: 32_768, lot: 1_024 } as const;
/** Which slice a message is in is known to every statement that began before it did; and before all slices. */
const known = Prisma.sql`interval '1 minute'`;
const first = Prisma.sql`'epoch'::timestamptz`;

/** In SQL the mask of the slice of a moment of a tenant. */
export const maskAt = (tenantId: Prisma.Sql, moment: Prisma.Sql) => Prisma.sql`coalesce((
  SELECT message_slice.mask FROM message_slice
  WHERE message_slice.tenant_id = ${tenantId} AND message_slice.since <= ${moment}
  ORDER BY message_slice.since DESC LIMIT 1
), 0)`;

/**
 * Counts new messages of a tenant, one in so many and that for all of them: a count of every one would have all who write
 * wait for one row. When there are enough of them a new slice begins in a minute.
 */
export async function countMessages(db: Database, tenantId: string, count: number): Promise<void> {
  if (Math.random() * slice.lot >= count) return;
  await addToSlice(db, tenantId, Math.max(count, slice.lot));
}

/** Counts messages into the newest slice of a tenant. With the one that makes it full the next begins in a minute. */
export async function addToSlice(db: Database, tenantId: string, count: number): Promise<void> {
  await db.$executeRaw`
    WITH counted AS (
      INSERT INTO message_slice (tenant_id, since, mask, size)
      SELECT ${tenantId}::uuid, coalesce((
        SELECT since FROM message_slice WHERE tenant_id = ${tenantId}::uuid ORDER BY since DESC LIMIT 1
      ), ${first}), 0, ${count}::integer
      ON CONFLICT (tenant_id, since) DO UPDATE SET size = message_slice.size + excluded.size
      RETURNING size
    )
    INSERT INTO message_slice (tenant_id, since, mask)
    SELECT ${tenantId}::uuid, greatest(clock_timestamp(), (
        SELECT updated_at FROM chat ${inOrder}
        WHERE tenant_id = ${tenantId}::uuid AND trashed_at IS NULL ORDER BY updated_at DESC LIMIT 1
      )) + ${known}, random() * 4294967295 - 2147483648
    FROM counted WHERE size >= ${slice.size}::integer AND size - ${count}::integer < ${slice.size}::integer
    ON CONFLICT DO NOTHING`;
}
