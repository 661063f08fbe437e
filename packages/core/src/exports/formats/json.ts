import type { Message } from "../../types.ts";
import type { ExportHead, Renderer } from "./renderer.ts";

/** One JSON document, a message a line. */
export const json: Renderer = {
  contentType: "application/json",
  extension: "json",
  begin: (head) =>
    `{"export":${toLine(exportRecord(head))},\n"chat":${toLine(chatRecord(head))},\n"messages":[`,
  message: (message, before) => `${before ? "," : ""}\n${toLine(messageRecord(message))}`,
  end: () => "\n]}\n",
};

/** A JSON document a line: one for the chat, then one for each message. */
export const ndjson: Renderer = {
  contentType: "application/x-ndjson",
  extension: "ndjson",
  begin: (head) => `${toLine({ export: exportRecord(head), chat: chatRecord(head) })}\n`,
  message: (message) => `${toLine(messageRecord(message))}\n`,
  end: () => "",
};

/** Which export it is, in the words of the API. */
const exportRecord = ({ exportId, exportedAt, chat }: ExportHead) => ({
  id: exportId,
  version: chat.version,
  exported_at: exportedAt.toISOString(),
});

/** The chat, in the words of the API, as far as it is its content. */
const chatRecord = ({ chat }: ExportHead) => ({
  id: chat.id,
  title: chat.title,
  created_at: chat.createdAt.toISOString(),
  updated_at: chat.updatedAt.toISOString(),
  trashed_at: chat.trashedAt?.toISOString() ?? null,
  message_count: chat.messageCount,
});

/** A message, in the words of the API. */
const messageRecord = ({ seq, id, author, body, createdAt }: Message) => ({
  seq,
  id,
  author,
  body,
  created_at: createdAt.toISOString(),
});

/** What JSON.stringify leaves as it is although terminals obey it or other languages break lines at it. */
const unescaped = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON on one line by every definition of a line, and harmless on a terminal. It parses to the same value. */
function toLine(value: unknown): string {
  return JSON.stringify(value).replace(
    unescaped,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
