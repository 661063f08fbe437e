"use client";

import type { Chat, ExportFormat } from "@lethe/api/schemas";
import { type ExportChat, exportChat, type LetheClient, toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { Download } from "lucide-react";
import { useCallback } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { MenuGroup, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { saveFile } from "@/lib/browser.ts";
import { describeSize } from "@/lib/format.ts";

/** Menu items that save the chat as a file. */
export function ExportItems({ chat }: { chat: Chat }) {
  const exportChat = useExportChat();
  return (
    <>
      <MenuGroup>
        <MenuLabel>Export</MenuLabel>
        {exportFormats.map(({ format, label, hint }) => (
          <MenuItem key={format} onClick={() => exportChat(chat, format)}>
            <Download aria-hidden="true" />
            <span className="mr-auto pr-4">{label}</span>
            <span className="text-soft text-xs max-sm:hidden">{hint}</span>
          </MenuItem>
        ))}
      </MenuGroup>
      <MenuSeparator />
    </>
  );
}

/** An export that takes longer gets a toast with a button that cancels it; milliseconds. */
const quietMs = 600;

/** Saves a chat as a file, and says what came of it. */
export function useExportChat(): (chat: Chat, format: ExportFormat) => void {
  const { client } = useLethe();
  return useCallback(
    (chat, format) => {
      const id = `export-${chat.id}-${format}`;
      const ending = new AbortController();
      const { signal } = ending;

      async function run() {
        const tellRunning = setTimeout(
          () =>
            toasts.add({
              id,
              type: "loading",
              timeout: 0,
              title: `Exporting “${chat.title}”…`,
              data: { actions: [{ label: "Cancel", onClick: () => ending.abort() }] },
            }),
          quietMs,
        );
        try {
          const { filename, bytes } = await exportToFile(client, { chatId: chat.id, format, signal });
          toasts.close(id);
          toasts.add({
            type: "success",
            timeout: 6_000,
            title: `Exported “${chat.title}”`,
            description: `${filename}, ${describeSize(bytes)}, checksum verified.`,
          });
        } catch (cause) {
          toasts.close(id);
          const error = toLetheError(cause);
          if (signal.aborted) return;
          toasts.add({
            id: `not-${id}`,
            type: "error",
            timeout: 0,
            title: `“${chat.title}” was not exported`,
            description: error.message,
            data: {
              detail: <RequestId id={error.requestId} />,
              actions: [{ label: "Retry", onClick: () => void run() }],
            },
          });
        } finally {
          clearTimeout(tellRunning);
        }
      }
      void run();
    },
    [client],
  );
}

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
