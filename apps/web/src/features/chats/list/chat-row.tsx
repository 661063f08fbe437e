"use client";

import type { Chat } from "@lethe/api/schemas";
import { Trash2 } from "lucide-react";
import Link from "next/link";
import { type KeyboardEvent, memo, type Ref } from "react";
import { TimeAgo } from "@/components/time-ago.tsx";
import { buttonVariants } from "@/components/ui/button.tsx";
import { cn } from "@/lib/cn.ts";
import { plural } from "@/lib/plural.ts";

type ChatRowProps = {
  ref: Ref<HTMLLIElement>;
  chat: Chat;
  index: number;
  /** Where the row begins, in pixels. */
  start: number;
  /** How many rows there are; -1 while that is not known. */
  size: number;
  isOpen: boolean;
  /** The row that Tab reaches. */
  isCurrent: boolean;
  onFocus: (chatId: string) => void;
  onDelete: (chat: Chat) => void;
};

/** One chat in the list: a link to it and a button that deletes it (right arrow reaches the button). */
export const ChatRow = memo(function ChatRow(props: ChatRowProps) {
  const { ref, chat, index, start, size, isOpen, isCurrent, onFocus, onDelete } = props;
  return (
    <li
      ref={ref}
      data-index={index}
      aria-posinset={index + 1}
      aria-setsize={size}
      style={{ transform: `translateY(${start}px)` }}
      className="group absolute inset-x-0 top-0 flex py-px"
      onFocus={() => onFocus(chat.id)}
      onKeyDown={moveWithin}
    >
      <Link
        href={`/chats/${chat.id}`}
        prefetch={false}
        data-chat-row={chat.id}
        tabIndex={isCurrent ? 0 : -1}
        aria-current={isOpen ? "page" : undefined}
        aria-keyshortcuts="Delete"
        className={cn(
          "min-w-0 flex-1 rounded-xl py-2.5 pr-12 pl-3 transition-colors group-hover:bg-hover focus-visible:outline-offset-[-2px]",
          isOpen && "bg-chosen group-hover:bg-chosen",
        )}
      >
        <span className="block truncate font-medium text-[0.9375rem] leading-5">{chat.title}</span>
        <span className="mt-0.5 block truncate text-[0.8125rem] text-soft leading-5">
          <TimeAgo time={chat.updated_at} /> <span aria-hidden="true">·</span>{" "}
          {plural(chat.message_count, "message")}
        </span>
      </Link>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Delete ${chat.title}`}
        title="Delete"
        onClick={() => onDelete(chat)}
        className={cn(
          buttonVariants({ variant: "ghost-danger", size: "icon" }),
          "-translate-y-1/2 absolute top-1/2 right-1.5 opacity-0 transition-opacity focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100",
        )}
      >
        <Trash2 aria-hidden="true" />
      </button>
    </li>
  );
});

/** Right and left go between the link and the button: the list as a whole stays one tab stop. */
function moveWithin(event: KeyboardEvent<HTMLLIElement>): void {
  const target = event.key === "ArrowRight" ? "button" : event.key === "ArrowLeft" ? "a" : undefined;
  if (!target) return;
  event.preventDefault();
  event.currentTarget.querySelector<HTMLElement>(target)?.focus();
}
