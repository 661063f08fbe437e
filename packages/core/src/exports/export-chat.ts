import { randomUUID } from "node:crypto";
import { getChat } from "../chats/chats.ts";
import { readClock } from "../clock.ts";
import type { Context } from "../context.ts";
import { chatNotFound } from "../errors.ts";
import type { Chat, Message } from "../types.ts";
import { fileName } from "./file-name.ts";
import { html } from "./formats/html.ts";
import { json, ndjson } from "./formats/json.ts";
import { markdown } from "./formats/markdown.ts";
import type { ExportHead, Renderer } from "./formats/renderer.ts";
import { readPages } from "./read-pages.ts";
import { recordExport } from "./record-exports.ts";
import { type SentFile, summed } from "./summed.ts";

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
    chunks: write(ctx, chat, renderChat(ctx, head, { renderer, signal }), signal),
  };
}

async function* write(
  ctx: Context,
  { id: chatId, version }: Chat,
  text: AsyncGenerator<string, void>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, SentFile, undefined> {
  const sent = yield* summed(text);
  signal?.throwIfAborted();
  await recordExport(ctx, { chatId, version, checksum: sent.checksum });
  return sent;
}

type RenderChat = {
  renderer: Renderer;
  /** The first messages, where they have been read already. */
  first?: readonly Message[] | undefined;
  signal: AbortSignal | undefined;
};

/**
 * The text of a chat's file, up to the message that its head counts. A page of messages is a chunk: nothing lies here that
 * was read before the chat was deleted. Throws NOT_FOUND (chat_not_found) once it is.
 */
export async function* renderChat(
  ctx: Context,
  head: ExportHead,
  { renderer, first = [], signal }: RenderChat,
): AsyncGenerator<string, void> {
  const { id: chatId, messageCount: last } = head.chat;
  yield renderer.begin(head);
  let before: Message | undefined;
  for (let page = first; (before?.seq ?? 0) < last; page = []) {
    signal?.throwIfAborted();
    const after = before?.seq ?? 0;
    const messages = page.length > 0 ? page : (await readPages(ctx, [{ chatId, after, last }])).get(chatId);
    if (messages === undefined) throw chatNotFound();
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
