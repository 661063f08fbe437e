import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { freeChat, inTurn, locked } from "../chats/chat-turns.ts";
import { getChat } from "../chats/chats.ts";
import { readClock } from "../clock.ts";
import type { Context } from "../context.ts";
import { chatNotFound } from "../errors.ts";
import { messageColumns, messageRow } from "../messages/read-messages.ts";
import type { Message } from "../types.ts";
import { fileName } from "./file-name.ts";
import { html } from "./formats/html.ts";
import { json, ndjson } from "./formats/json.ts";
import { markdown } from "./formats/markdown.ts";
import type { ExportHead, Renderer } from "./formats/renderer.ts";

/** The formats in which a chat can be exported. */
export type ExportFormat = "json" | "ndjson" | "markdown" | "html";

export const renderers: Readonly<Record<ExportFormat, Renderer>> = { json, ndjson, markdown, html };

export type ExportChat = {
  chatId: string;
  format: ExportFormat;
  /** Ends the reading of the database, at the next page at the latest. */
  signal?: AbortSignal | undefined;
};

/** An export that has begun. Nothing of the messages is read before somebody asks for the first chunk. */
export type ChatFile = {
  exportId: string;
  /** Safe to be used as a file's name. */
  filename: string;
  contentType: string;
  /** The version of the chat that the file shows: with it as a precondition a deletion deletes just that. */
  version: number;
  /** The text of the file, which is sent in UTF-8. What is returned at the end tells of all of it. */
  chunks: AsyncGenerator<string, SentFile, undefined>;
};

/** A file that was handed over completely. `checksum` is the SHA-256 of its bytes, in hexadecimal. */
export type SentFile = { checksum: string; bytes: number };

/**
 * Exports a chat, in the trash or not, as it is at the call: a snapshot without a transaction, because
 * messages never change and new ones come behind the last one that was counted.
 *
 * Throws NOT_FOUND (chat_not_found), and so do the chunks when the chat is deleted before the last of them
 * was taken: whoever passes them on must then let the transfer fail. After the last chunk, and before the
 * end is told, the export is noted on the chat.
 */
export async function exportChat(ctx: Context, { chatId, format, signal }: ExportChat): Promise<ChatFile> {
  const chat = await getChat(ctx, { chatId });
  const clock = await readClock(ctx.db);
  const renderer = renderers[format];
  const head: ExportHead = { exportId: randomUUID(), exportedAt: clock(), chat };
  return {
    exportId: head.exportId,
    filename: fileName(chat.title, renderer.extension),
    contentType: renderer.contentType,
    version: chat.version,
    chunks: write(ctx, head, renderer, signal),
  };
}

async function* write(
  ctx: Context,
  head: ExportHead,
  renderer: Renderer,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, SentFile, undefined> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of render(ctx, head, renderer, signal)) {
    hash.update(chunk);
    bytes += Buffer.byteLength(chunk);
    yield chunk;
  }
  signal?.throwIfAborted();
  const checksum = hash.digest("hex");
  await recordExport(ctx, { chatId: head.chat.id, version: head.chat.version, checksum });
  return { checksum, bytes };
}

/** A page of messages is a chunk of the file: nothing lies here that was read before the chat was deleted. */
async function* render(
  ctx: Context,
  head: ExportHead,
  renderer: Renderer,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const { id: chatId, messageCount: last } = head.chat;
  yield renderer.begin(head);
  let before: Message | undefined;
  while ((before?.seq ?? 0) < last) {
    signal?.throwIfAborted();
    const after = before?.seq ?? 0;
    const messages = await readExportPage(ctx, { chatId, after, last });
    if (messages[0]?.seq !== after + 1) throw new Error(`Message ${after + 1} of a chat cannot be found`);
    let chunk = "";
    for (const message of messages) {
      chunk += renderer.message(message, before);
      before = message;
    }
    yield chunk;
  }
  const end = renderer.end(head);
  if (end !== "") yield end;
}

/** Messages that are read at once, ... */
const pageLength = 500;
/** ... as long as the bodies before the last of them are not larger than this in all; bytes. */
const pageBytes = 65_536;

/** A chat with no such messages is one row of nulls; a missing chat is none. */
const rowsSchema = z.array(z.union([messageRow, z.object({ id: z.null() }).transform(() => null)]));

/** Which messages to read: those after `after`, up to `last`, by `seq`. */
type ExportPage = { chatId: string; after: number; last: number };

/**
 * The next messages of an export, at least one, bounded in number and in bytes. Throws NOT_FOUND
 * (chat_not_found) once the chat is gone: a page is read through its row, like everything of a chat.
 */
async function readExportPage(ctx: Context, { chatId, after, last }: ExportPage): Promise<Message[]> {
  // The sizes of bodies are known without reading them, so what a page leaves out costs nothing.
  const rows = await ctx.db.$queryRaw`
    SELECT page.*
    FROM chat
    LEFT JOIN LATERAL (
      SELECT ${messageColumns}
      FROM (
        SELECT message.*, sum(octet_length(message.body)) OVER (ORDER BY message.seq) AS bytes
        FROM (
          SELECT * FROM message
          WHERE message.tenant_id = chat.tenant_id AND message.chat_id = chat.id
            AND message.seq > ${after}::integer AND message.seq <= ${last}::integer
          ORDER BY message.seq
          LIMIT ${pageLength}::integer
        ) AS message
      ) AS message
      WHERE message.bytes - octet_length(message.body) < ${pageBytes}::integer
    ) AS page ON true
    WHERE chat.tenant_id = ${ctx.tenantId}::uuid AND chat.id = ${chatId}::uuid
    ORDER BY page.seq`;
  const found = rowsSchema.parse(rows);
  if (found.length === 0) throw chatNotFound();
  return found.filter((message) => message !== null);
}

type ExportRecord = { chatId: string; version: number; checksum: string };

/**
 * Notes on the chat that all of it was handed over, if it is still the one that was exported. That is no
 * change of the chat: its version stays. Throws NOT_FOUND (chat_not_found) when the chat is gone, and
 * SERVICE_UNAVAILABLE (chat_busy).
 */
export function recordExport(ctx: Context, { chatId, version, checksum }: ExportRecord): Promise<void> {
  return inTurn(ctx, chatId, async () => {
    const noted = await ctx.db.$executeRaw`
      WITH ${freeChat(ctx.tenantId, chatId)}
      UPDATE chat
      SET exported_at = clock_timestamp(), export_version = version, export_checksum = ${checksum}
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = (SELECT id FROM free) AND version = ${version}::integer`;
    if (noted === 1) return undefined;
    const now = await getChat(ctx, { chatId });
    return now.version === version ? locked : undefined;
  });
}
