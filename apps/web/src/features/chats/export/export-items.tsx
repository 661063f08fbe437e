"use client";

import type { Chat } from "@lethe/api/schemas";
import { Download } from "lucide-react";
import { MenuGroup, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu.tsx";
import { exportFormats } from "./formats.ts";
import { useExportChat } from "./use-export-chat.tsx";

/** Menu items that save the chat as a file. */
export function ExportItems({ chat }: { chat: Chat }) {
  const exportToFile = useExportChat();
  return (
    <>
      <MenuGroup>
        <MenuLabel>Export</MenuLabel>
        {exportFormats.map(({ format, label, hint }) => (
          <MenuItem key={format} onClick={() => exportToFile(chat, format)}>
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
