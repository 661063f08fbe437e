"use client";

import type { Chat } from "@lethe/api/schemas";
import { Eraser, Lock, LockOpen, Trash2 } from "lucide-react";
import { Kbd } from "@/components/ui/controls.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import type { OpenedMenu } from "@/components/ui/menu-button.tsx";
import { deleteChats, holdChats, trashChats } from "./chat-actions.ts";
import { ExportItems } from "./export/export-items.tsx";

type ChatMenuItemsProps = OpenedMenu & { chat: Chat; of: "row" | "page" };

/** What stands in the menu of a chat. */
export function ChatMenuItems({ chat, of, ...opened }: ChatMenuItemsProps) {
  const { askToDelete } = deleteChats;
  const { askToHold, release } = holdChats;
  const { trash } = trashChats;
  const isRow = of === "row";
  return (
    <Menu {...opened} label={`More for ${chat.title}`} container={(button) => button.closest("section")}>
      {isRow ? null : <ExportItems chat={chat} />}
      {isRow ? (
        <MenuItem onClick={() => trash(chat)}>
          <Trash2 aria-hidden="true" />
          <span className="mr-auto pr-6">Move to Trash</span>
          <Kbd>Delete</Kbd>
        </MenuItem>
      ) : null}
      {chat.hold ? (
        <MenuItem onClick={() => release(chat)}>
          <LockOpen aria-hidden="true" />
          Release hold
        </MenuItem>
      ) : (
        <MenuItem onClick={() => askToHold(chat)}>
          <Lock aria-hidden="true" />
          Put on hold…
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem onClick={() => askToDelete(chat)} danger>
        <Eraser aria-hidden="true" />
        <span className="mr-auto pr-6">Delete permanently…</span>
        {isRow ? (
          <span className="flex gap-1 max-sm:hidden">
            <Kbd>Shift</Kbd>
            <Kbd>Delete</Kbd>
          </span>
        ) : null}
      </MenuItem>
    </Menu>
  );
}
