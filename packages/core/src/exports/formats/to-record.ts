import type { Message } from "../../types.ts";
import type { ExportHead } from "../export-head.ts";

/** Which export it is, in the words of the API. */
export const exportRecord = ({ exportId, exportedAt, chat }: ExportHead) => ({
  id: exportId,
  version: chat.version,
  exported_at: exportedAt.toISOString(),
});

/** The chat, in the words of the API, as far as it is its content. */
export const chatRecord = ({ chat }: ExportHead) => ({
  id: chat.id,
  title: chat.title,
  created_at: chat.createdAt.toISOString(),
  updated_at: chat.updatedAt.toISOString(),
  trashed_at: chat.trashedAt?.toISOString() ?? null,
  message_count: chat.messageCount,
});

/** A message, in the words of the API. */
export const messageRecord = ({ seq, id, author, body, createdAt }: Message) => ({
  seq,
  id,
  author,
  body,
  created_at: createdAt.toISOString(),
});

/** What JSON.stringify leaves as it is although terminals obey it or other languages break lines at it. */
const unescaped = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON of one line, whoever splits it into lines, and harmless on a terminal. It reads back as it was. */
export function toLine(value: unknown): string {
  return JSON.stringify(value).replace(
    unescaped,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
