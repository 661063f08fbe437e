"use client";

import type { Chat } from "@lethe/api/schemas";
import { Ellipsis, Eraser, Lock, LockOpen, Trash2 } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { buttonVariants, cn, Kbd } from "@/components/ui/controls.tsx";
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from "@/components/ui/menu.tsx";
import { useDeleteChats } from "./delete/delete-chats.tsx";
import { useHoldChats } from "./hold/hold-chats.tsx";
import { useTrashChats } from "./trash/trash-chats.tsx";

type ChatMenuProps = {
  chat: Chat;
  /** Items that come first, such as those of an export. */
  children?: ReactNode;
  /** Whether "Move to Trash" is among the items; where it has a button of its own it is not. */
  withTrash?: boolean;
  tabIndex?: number;
  className?: string;
};

/** Everything that can be done with a chat beside reading it. */
export function ChatMenu({ chat, children, withTrash = false, tabIndex, className }: ChatMenuProps) {
  const { askToDelete } = useDeleteChats();
  const { askToHold, release } = useHoldChats();
  const { trash } = useTrashChats();
  const container = useRef<HTMLElement>(null);
  return (
    <Menu>
      <MenuTrigger
        aria-label={`More for ${chat.title}`}
        title="More"
        tabIndex={tabIndex}
        // The menu has to lie outside the list, which cuts off what leaves it.
        ref={(trigger: HTMLElement | null) => {
          container.current = trigger?.closest("section") ?? null;
        }}
        className={cn(
          buttonVariants({ variant: "ghost", size: "icon" }),
          "data-popup-open:bg-hover data-popup-open:text-ink",
          className,
        )}
      >
        <Ellipsis aria-hidden="true" />
      </MenuTrigger>
      <MenuContent container={container}>
        {children}
        {withTrash ? (
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
          {withTrash ? (
            <span className="flex gap-1 max-sm:hidden">
              <Kbd>Shift</Kbd>
              <Kbd>Delete</Kbd>
            </span>
          ) : null}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
