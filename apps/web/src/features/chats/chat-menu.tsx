"use client";

import type { Chat } from "@lethe/api/schemas";
import { Ellipsis } from "lucide-react";
import { buttonVariants, cn } from "@/components/ui/controls.tsx";
import { MenuButton } from "@/components/ui/menu-button.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { later } from "@/lib/later.ts";

const ChatMenuItems = later(() => import("./chat-menu-items.tsx").then((module) => module.ChatMenuItems));

type ChatMenuProps = {
  chat: Chat;
  /** Where the chat stands: in a row of the list, which has keys for some of it, or over its own page. */
  of: "row" | "page";
  className?: string;
};

/** Everything that can be done with a chat beside reading it. */
export function ChatMenu({ chat, of, className }: ChatMenuProps) {
  const mayTrash = useMay("chats:trash");
  const mayHold = useMay("holds:write");
  const mayDelete = useMay("chats:delete");
  // A row's menu has no more than these; the page's can always export.
  if (of === "row" && !mayTrash && !mayHold && !mayDelete) return null;
  return (
    <MenuButton
      aria-label={`More for ${chat.title}`}
      title="More"
      tabIndex={of === "row" ? -1 : undefined}
      menu={(opened) => <ChatMenuItems chat={chat} of={of} {...opened} />}
      className={cn(
        buttonVariants({ variant: "ghost", size: "icon" }),
        "data-popup-open:bg-hover data-popup-open:text-ink",
        className,
      )}
    >
      <Ellipsis aria-hidden="true" />
    </MenuButton>
  );
}
