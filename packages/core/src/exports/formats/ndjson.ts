import type { Renderer } from "./renderer.ts";
import { chatRecord, exportRecord, messageRecord, toLine } from "./to-record.ts";

/** A JSON document a line: one for the chat, then one for each message. */
export const ndjson: Renderer = {
  contentType: "application/x-ndjson",
  extension: "ndjson",
  begin: (head) => `${toLine({ export: exportRecord(head), chat: chatRecord(head) })}\n`,
  message: (message) => `${toLine(messageRecord(message))}\n`,
  end: () => "",
};
