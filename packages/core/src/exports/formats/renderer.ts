import type { Message } from "../../types.ts";
import type { ExportHead } from "../export-head.ts";

/** Writes a chat in one format. What it answers is put together in order: the file's text, in UTF-8. */
export type Renderer = {
  contentType: string;
  /** Of the file's name, without a dot. */
  extension: string;
  begin: (head: ExportHead) => string;
  /** A message, and the one before it, if any. */
  message: (message: Message, before: Message | undefined) => string;
  end: (head: ExportHead) => string;
};
