"use client";

import type { Chat } from "@lethe/api/schemas";
import { Eraser, Lock, LockOpen, Trash2 } from "lucide-react";
import { Kbd } from "@/components/ui/controls.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import type { OpenedMenu } from "@/components/ui/menu-button.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { deleteChats, holdChats, trashChats } from "./chat-actions.ts";
import { ExportItems } from "./export/export-items.tsx";

type ChatMenuItemsProps = OpenedMenu & { chat: Chat; of: "row" | "page" };

/** What stands in the menu of a chat. */
export function ChatMenuItems({ chat, of, ...opened }: ChatMenuItemsProps) {
  const { askToDelete } = deleteChats;
  const { askToHold, release } = holdChats;
  const { trash } = trashChats;
  const isRow = of === "row";
  const mayTrash = useMay("chats:trash");
  const mayHold = useMay("holds:write");
  const mayDelete = useMay("chats:delete");
  return (
    <Menu {...opened} label={`More for ${chat.title}`} container={(button) => button.closest("section")}>
      {isRow ? null : <ExportItems chat={chat} />}
      {isRow && mayTrash ? (
        <MenuItem onClick={() => trash(chat)}>
          <Trash2 aria-hidden="true" />
          <span className="mr-auto pr-6">Move to Trash</span>
          <Kbd>Delete</Kbd>
        </MenuItem>
      ) : null}
      {mayHold && chat.hold ? (
        <MenuItem onClick={() => release(chat)}>
          <LockOpen aria-hidden="true" />
          Release hold
        </MenuItem>
      ) : null}
      {mayHold && !chat.hold ? (
        <MenuItem onClick={() => askToHold(chat)}>
          <Lock aria-hidden="true" />
          Put on hold…
        </MenuItem>
      ) : null}
      {mayDelete ? <MenuSeparator /> : null}
      {mayDelete ? (
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
      ) : null}
    </Menu>
  );
}
