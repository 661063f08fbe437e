import { createHash, randomUUID } from "node:crypto";
import { getChat } from "../chats/get-chat.ts";
import { readClock } from "../clock.ts";
import type { Context } from "../context.ts";
import type { Message } from "../types.ts";
import type { ExportHead } from "./export-head.ts";
import { fileName } from "./file-name.ts";
import type { Renderer } from "./formats/renderer.ts";
import { type ExportFormat, renderers } from "./formats/renderers.ts";
import { readExportPage } from "./read-export-page.ts";
import { recordExport } from "./record-export.ts";

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
