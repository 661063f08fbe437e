import { z } from "zod";
import type { Context } from "../context.ts";
import { messageColumns, messageRow } from "../messages/read-messages.ts";
import type { Message } from "../types.ts";

/** Messages of a chat that are read at once, ... */
const pageLength = 500;
/** ... as long as the bodies before the last of them are not larger than this in all; bytes. Chats that are read together share it. */
const pageBytes = 65_536;

const asked = z.object({ askedId: z.string() });
/** A chat with no such messages is one row of nulls; a missing chat is none. */
const rowsSchema = z.array(z.union([asked.extend(messageRow.shape), asked.extend({ id: z.null() })]));

/** Which messages to read: those after `after`, up to `last`, by `seq`. */
export type ExportPage = { chatId: string; after: number; last: number };

/**
 * The next messages of the exports of chats, at least one of each, bounded in number and in bytes. A chat that is gone is
 * not answered: a page is read through its row, like everything of a chat.
 */
export async function readPages(
  { db, tenantId }: Context,
  pages: readonly ExportPage[],
): Promise<Map<string, Message[]>> {
  // The sizes of bodies are known without reading them, so what a page leaves out costs nothing.
  const rows = await db.$queryRaw`
    SELECT asked.id AS "askedId", page.*
    FROM unnest(
      ${pages.map(({ chatId }) => chatId)}::uuid[], ${pages.map(({ after }) => after)}::integer[],
      ${pages.map(({ last }) => last)}::integer[]
    ) AS asked(id, after, last)
    CROSS JOIN LATERAL (
      SELECT chat.tenant_id, chat.id FROM chat
      WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = asked.id
      OFFSET 0
    ) AS chat
    LEFT JOIN LATERAL (
      SELECT ${messageColumns}
      FROM (
        SELECT message.*, sum(octet_length(message.body)) OVER (ORDER BY message.seq) AS bytes
        FROM (
          SELECT * FROM message
          WHERE message.tenant_id = chat.tenant_id AND message.chat_id = chat.id
            AND message.seq > asked.after AND message.seq <= asked.last
          ORDER BY message.seq
          LIMIT ${pageLength}::integer
        ) AS message
      ) AS message
      WHERE message.bytes - octet_length(message.body) < ${Math.ceil(pageBytes / pages.length)}::integer
    ) AS page ON true
    ORDER BY asked.id, page.seq`;
  const found = new Map<string, Message[]>();
  for (const { askedId, ...message } of rowsSchema.parse(rows)) {
    const messages = found.get(askedId) ?? [];
    found.set(askedId, messages);
    if (message.id !== null) messages.push(message);
  }
  return found;
}
