import { type ExportChat, exportChat, type LetheClient } from "@lethe/client";
import { saveFile } from "@/lib/save-file.ts";

export type ExportedFile = {
  filename: string;
  bytes: number;
  /** Of the chat, as the file shows it. */
  version: number;
};

/**
 * Saves a chat as a file among the browser's downloads. It is saved only once all of it has arrived and its
 * checksum is right.
 *
 * @throws LetheClientError
 */
export async function exportToFile(client: LetheClient, options: ExportChat): Promise<ExportedFile> {
  const { blob, filename, version } = await exportChat(client, options);
  saveFile(blob, filename);
  return { filename, version, bytes: blob.size };
}
