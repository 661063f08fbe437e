import type { Renderer } from "./renderer.ts";
import { chatRecord, exportRecord, messageRecord, toLine } from "./to-record.ts";

/** One JSON document, a message a line. */
export const json: Renderer = {
  contentType: "application/json",
  extension: "json",
  begin: (head) =>
    `{"export":${toLine(exportRecord(head))},\n"chat":${toLine(chatRecord(head))},\n"messages":[`,
  message: (message, before) => `${before ? "," : ""}\n${toLine(messageRecord(message))}`,
  end: () => "\n]}\n",
};
