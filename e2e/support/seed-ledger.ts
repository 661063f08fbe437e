import { withDatabase } from "./with-database.ts";

/** Gives a tenant's ledger lines of so many days ago. */
export const seedLedger = (
  tenantId: string,
  { lines, daysAgo }: { lines: number; daysAgo: number },
): Promise<unknown> =>
  withDatabase(
    (db) => db.$executeRaw`
      INSERT INTO deletion (
        tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count, deleted_at, erased_at
      )
      SELECT ${tenantId}::uuid, gen_random_uuid(), gen_random_uuid(), 'api_key', 'test', 'rest', false, 2, at, at
      FROM generate_series(1, ${lines}::integer), (SELECT now() - ${daysAgo}::integer * interval '1 day') AS past(at)`,
  );
