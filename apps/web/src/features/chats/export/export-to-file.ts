import type { ExportFormat } from "@lethe/api/schemas";
import { type ExportChat, exportChat, type LetheClient } from "@lethe/client";
import { saveFile } from "@/lib/browser.ts";

/** The formats of an export, with what each is for. */
export const exportFormats = [
  { format: "json", label: "JSON", hint: "One document, for programs" },
  { format: "ndjson", label: "NDJSON", hint: "A line for each message, for pipelines" },
  { format: "markdown", label: "Markdown", hint: "For notes and text editors" },
  { format: "html", label: "HTML", hint: "A page to read and to print" },
] as const satisfies { format: ExportFormat; label: string; hint: string }[];

type ExportedFile = {
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
