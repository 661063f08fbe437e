import type { Database } from "@lethe/db";
import { foldTitle } from "@lethe/text";
import type { DemoChat } from "./demo-chats.ts";

/**
 * Writes whole chats with one statement for each table, in any number. It tells nobody (no events), so
 * it is for tenants that nobody watches yet.
 */
export async function writeChats(
  db: Pick<Database, "$executeRaw">,
  tenantId: string,
  chats: DemoChat[],
): Promise<void> {
  const rows = JSON.stringify(
    chats.map(({ id, title, messages }) => ({
      id,
      title,
      ...foldTitle(tenantId, title),
      messages,
      created_at: messages.at(0)?.at,
      updated_at: messages.at(-1)?.at,
    })),
  );
  await db.$executeRaw`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${rows}::jsonb)
        AS chat(id uuid, title text, folded text, terms integer[], created_at timestamptz, updated_at timestamptz, messages jsonb)
    ),
    vault AS (
      INSERT INTO transcript (tenant_id, chat_id, created_at)
      SELECT ${tenantId}::uuid, id, created_at FROM given
    ),
    door AS (
      INSERT INTO chat (tenant_id, id, title, title_folded, message_count, version, created_at, updated_at)
      SELECT ${tenantId}::uuid, id, title, folded, jsonb_array_length(messages), 1 + jsonb_array_length(messages),
        created_at, updated_at
      FROM given
    ),
    indexed AS (
      INSERT INTO title_index (tenant_id, chat_id, terms, folded)
      SELECT ${tenantId}::uuid, id, terms, folded FROM given
    )
    INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at)
    SELECT ${tenantId}::uuid, given.id, line.seq, line.item ->> 'author', line.item ->> 'body',
      (line.item ->> 'at')::timestamptz
    FROM given, jsonb_array_elements(given.messages) WITH ORDINALITY AS line(item, seq)`;
}
