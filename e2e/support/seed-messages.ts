import { withDatabase } from "./with-database.ts";

/** Fills a chat without messages: "Message 1" to "Message n", a minute apart until an hour ago. */
export const seedMessages = (tenantId: string, chatId: string, count: number): Promise<unknown> =>
  withDatabase(
    (db) => db.$executeRaw`
      WITH said AS (
        INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at)
        SELECT ${tenantId}::uuid, ${chatId}::uuid, seq, CASE seq % 3 WHEN 0 THEN 'Ada' ELSE 'Grace' END, 'Message ' || seq,
          now() - interval '1 hour' - (${count}::int - seq) * interval '1 minute'
        FROM generate_series(1, ${count}::int) AS seq
      )
      UPDATE chat SET message_count = ${count}::int, version = version + 1
      WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid`,
  );
