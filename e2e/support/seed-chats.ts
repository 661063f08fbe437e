import { foldTitle } from "@lethe/text";
import { withDatabase } from "./with-database.ts";

/** So many chats a statement stay far from its timeout. */
const batch = 10_000;

/**
 * Gives a tenant many chats without messages, found by their titles as those that the API makes, as if they had been
 * made a minute apart until an hour ago. The last title is the newest.
 */
export async function seedChats(tenantId: string, titles: readonly string[]): Promise<void> {
  for (let from = 0; from < titles.length; from += batch) {
    const some = titles.slice(from, from + batch);
    const indexed = some.map((title) => foldTitle(tenantId, title));
    await withDatabase(
      (db) => db.$executeRaw`
        WITH made AS MATERIALIZED (
          SELECT gen_random_uuid() AS id, title, folded, terms::integer[],
            now() - interval '1 hour' - (${titles.length - from}::int - place) * interval '1 minute' AS at
          FROM unnest(
            ${some}::text[], ${indexed.map(({ folded }) => folded)}::text[],
            ${indexed.map(({ terms }) => `{${terms.join()}}`)}::text[]
          ) WITH ORDINALITY AS given(title, folded, terms, place)
        ),
        transcripts AS (
          INSERT INTO transcript (tenant_id, chat_id, created_at) SELECT ${tenantId}::uuid, id, at FROM made
        ),
        chats AS (
          INSERT INTO chat (tenant_id, id, title, title_folded, created_at, updated_at)
          SELECT ${tenantId}::uuid, id, title, folded, at, at FROM made
        )
        INSERT INTO title_index (tenant_id, chat_id, terms, folded)
        SELECT ${tenantId}::uuid, id, terms, folded FROM made`,
    );
  }
}

/** "Chat 0001" and so on: no title is a part of another. */
export function numbered(count: number, name = "Chat"): string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${String(index + 1).padStart(4, "0")}`);
}
