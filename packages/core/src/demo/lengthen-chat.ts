import type { Context } from "../context.ts";
import { phrases } from "./phrases.ts";

/**
 * Goes on with a seeded chat in one statement, under the chat's row lock as every writer of messages.
 * @param count messages to add
 * @returns messages added; 0 when the chat is gone
 */
export function lengthenChat({ db, tenantId }: Context, chatId: string, count: number): Promise<number> {
  const { sentences } = phrases;
  return db.$executeRaw`
    WITH before AS (
      SELECT message_count, updated_at, (now() - updated_at) / 2 AS span
      FROM chat
      WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid
      FOR UPDATE
    ),
    door AS (
      UPDATE chat
      SET message_count = chat.message_count + ${count}::int, version = version + ${count}::int,
        updated_at = before.updated_at + before.span
      FROM before
      WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid
      RETURNING before.message_count, before.updated_at, before.span
    ),
    voice AS (
      SELECT author, row_number() OVER (ORDER BY seq DESC) % 2 AS turn
      FROM message
      WHERE tenant_id = ${tenantId}::uuid AND chat_id = ${chatId}::uuid
      ORDER BY seq DESC
      LIMIT 2
    )
    INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at)
    SELECT ${tenantId}::uuid, ${chatId}::uuid, door.message_count + n, voice.author,
      concat_ws(' ',
        (${sentences}::text[])[1 + floor(random() * ${sentences.length}::int)::int],
        (${sentences}::text[])[1 + floor(random() * 2 * ${sentences.length}::int)::int]),
      door.updated_at + door.span * n / ${count}::int
    FROM door, generate_series(1, ${count}::int) AS n, voice
    WHERE voice.turn = n % 2`;
}
