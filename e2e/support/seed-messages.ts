import { withDatabase } from "./with-database.ts";

/**
 * Fills a chat without messages: "Message 1" to "Message n", a minute apart until an hour ago. No search finds them, but those
 * that are `toIndex`: the background brings them into the index, beside what else is tested.
 */
export const seedMessages = (
  tenantId: string,
  chatId: string,
  count: number,
  { toIndex: [first, last] = [0, 0] }: { toIndex?: [first: number, last: number] } = {},
): Promise<unknown> =>
  withDatabase(
    (db) => db.$executeRaw`
      WITH said AS (
        INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at, terms)
        SELECT ${tenantId}::uuid, ${chatId}::uuid, seq, CASE seq % 3 WHEN 0 THEN 'Ada' ELSE 'Grace' END, 'Message ' || seq,
          now() - interval '1 hour' - (${count}::int - seq) * interval '1 minute',
          CASE WHEN seq NOT BETWEEN ${first}::int AND ${last}::int THEN '{}'::integer[] END
        FROM generate_series(1, ${count}::int) AS seq
      )
      UPDATE chat SET message_count = ${count}::int, version = version + 1
      WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid`,
  );
