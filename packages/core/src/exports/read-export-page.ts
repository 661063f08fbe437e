import { z } from "zod";
import type { Context } from "../context.ts";
import { chatNotFound } from "../errors.ts";
import { messageRow } from "../messages/message-row.ts";
import type { Message } from "../types.ts";

/** Messages that are read at once, ... */
const pageLength = 500;
/** ... as long as the bodies before the last of them are not larger than this in all; bytes. */
const pageBytes = 65_536;

/** A chat with no such messages is one row of nulls; a missing chat is none. */
const rowsSchema = z.array(z.union([messageRow, z.object({ id: z.null() }).transform(() => null)]));

/** Which messages to read: those after `after`, up to `last`, by `seq`. */
export type ExportPage = { chatId: string; after: number; last: number };

/**
 * The next messages of an export, at least one, bounded in number and in bytes. Throws NOT_FOUND
 * (chat_not_found) once the chat is gone: a page is read through its row, like everything of a chat.
 */
export async function readExportPage(ctx: Context, { chatId, after, last }: ExportPage): Promise<Message[]> {
  // The sizes of bodies are known without reading them, so what a page leaves out costs nothing.
  const rows = await ctx.db.$queryRaw`
    SELECT page.*
    FROM chat
    LEFT JOIN LATERAL (
      SELECT sized.id, sized.chat_id, sized.seq, sized.author, sized.body, sized.created_at
      FROM (
        SELECT message.*, sum(octet_length(message.body)) OVER (ORDER BY message.seq) AS bytes
        FROM (
          SELECT * FROM message
          WHERE message.tenant_id = chat.tenant_id AND message.chat_id = chat.id
            AND message.seq > ${after}::integer AND message.seq <= ${last}::integer
          ORDER BY message.seq
          LIMIT ${pageLength}::integer
        ) AS message
      ) AS sized
      WHERE sized.bytes - octet_length(sized.body) < ${pageBytes}::integer
    ) AS page ON true
    WHERE chat.tenant_id = ${ctx.tenantId}::uuid AND chat.id = ${chatId}::uuid
    ORDER BY page.seq`;
  const found = rowsSchema.parse(rows);
  if (found.length === 0) throw chatNotFound();
  return found.filter((message) => message !== null);
}
