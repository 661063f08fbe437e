"use client";

import type { Chat, ListedChat } from "@lethe/api/schemas";
import { Trash2 } from "lucide-react";
import Link from "next/link";
import {
  type ComponentProps,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type Ref,
  useSyncExternalStore,
} from "react";
import { TimeAgo } from "@/components/time-ago.tsx";
import { buttonVariants, Checkbox, cn } from "@/components/ui/controls.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { onStored } from "@/lib/browser.ts";
import { formatNumber, plural } from "@/lib/format.ts";
import { ChatMenu } from "../chat-menu.tsx";
import { HoldBadge } from "../hold/hold-badge.tsx";
import { unreadIn, useReader } from "../notes.ts";

type ChatRowProps = {
  ref: Ref<HTMLDivElement>;
  chat: ListedChat;
  index: number;
  /** Where the row begins, in pixels. */
  start: number;
  isOpen: boolean;
  /** The row that Tab reaches. */
  isCurrent: boolean;
  isSelected: boolean;
  /** Something is selected, so every row offers its checkbox. */
  isSelecting: boolean;
  /** Whether there is anything that one may do with what is selected. */
  isSelectable: boolean;
  onFocus: (chatId: string) => void;
  /** `range`: everything from the row that was picked last. */
  onPick: (chatId: string, range: boolean) => void;
  onDelete: (chat: Chat) => void;
};

/** One chat in the list: a checkbox, a link, a button that trashes it and a menu. Left and right go between them. */
export const ChatRow = memo(function ChatRow(props: ChatRowProps) {
  const { ref, chat, index, start, isOpen, isCurrent, isSelected, isSelectable, onPick } = props;
  const mayTrash = useMay("chats:trash");
  function pickRange(event: MouseEvent) {
    if (!isSelectable || !event.shiftKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onPick(chat.id, true);
  }
  return (
    <GridRow
      ref={ref}
      data-index={index}
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      style={{ transform: `translateY(${start}px)` }}
      className="group absolute inset-x-0 top-0 flex py-px"
      onFocus={() => props.onFocus(chat.id)}
      onKeyDown={moveWithin}
      // A range is drawn over rows, not over their text.
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
    >
      {isSelectable ? (
        <GridCell className="absolute inset-y-px left-0 z-1">
          <Checkbox
            tabIndex={-1}
            aria-label={`Select ${chat.title}`}
            checked={isSelected}
            onChange={({ nativeEvent }) =>
              onPick(chat.id, nativeEvent instanceof window.MouseEvent && nativeEvent.shiftKey)
            }
            className={cn(
              "h-full! w-10! transition-opacity focus-within:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100",
              props.isSelecting || isSelected ? "opacity-100" : "opacity-0",
            )}
          />
        </GridCell>
      ) : null}
      <GridCell className="flex min-w-0 flex-1">
        <Link
          href={`/chats/${chat.id}`}
          prefetch={false}
          data-chat-row={chat.id}
          tabIndex={isCurrent ? 0 : -1}
          aria-current={isOpen ? "page" : undefined}
          aria-keyshortcuts={isSelectable ? "Delete Shift+Delete X" : undefined}
          onClick={pickRange}
          className={cn(
            "min-w-0 flex-1 rounded-xl py-2.5 pr-3 pl-10 transition-colors focus-visible:outline-offset-[-2px]",
            !props.isSelecting && "group-focus-within:pr-22 group-hover:pr-22 pointer-coarse:pr-22",
            isSelected ? "bg-mist group-hover:bg-chosen" : isOpen ? "bg-chosen" : "group-hover:bg-hover",
          )}
        >
          <span dir="auto" className="block truncate text-start font-medium text-[0.9375rem] leading-5">
            {chat.title}
          </span>
          <RowFacts chat={chat} />
        </Link>
      </GridCell>
      {/* While chats are selected, actions concern those, and the selection bar has the buttons. */}
      {props.isSelecting ? null : (
        <GridCell className="-translate-y-1/2 absolute top-1/2 right-1.5 flex opacity-0 transition-opacity focus-within:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 has-data-popup-open:opacity-100 pointer-coarse:opacity-100">
          {mayTrash ? (
            <button
              type="button"
              tabIndex={-1}
              aria-label={`Delete ${chat.title}`}
              title="Move to Trash"
              onClick={() => props.onDelete(chat)}
              className={buttonVariants({ variant: "ghost-danger", size: "icon" })}
            >
              <Trash2 aria-hidden="true" />
            </button>
          ) : null}
          <ChatMenu chat={chat} of="row" />
        </GridCell>
      )}
    </GridRow>
  );
});

/** Under the title: what was said last, when, by how many messages one is behind, and whether somebody is there. */
function RowFacts({ chat }: { chat: ListedChat }) {
  const last = chat.last_message;
  const unread = useUnread(chat);
  return (
    <span className="mt-0.5 flex items-center gap-1.5 whitespace-nowrap text-[0.8125rem] text-soft leading-5">
      {chat.active_connections > 0 ? (
        <span title="Live: somebody has it open" className="size-2 shrink-0 rounded-full bg-live">
          <span className="sr-only">Live. </span>
        </span>
      ) : null}
      <span dir="auto" className={cn("min-w-0 truncate text-start", unread !== 0 && "font-medium text-ink")}>
        {last
          ? `${last.author}: ${last.excerpt.replaceAll(/\s+/g, " ")}`
          : chat.message_count === 0
            ? "Nothing said yet"
            : plural(chat.message_count, "message")}
      </span>
      <span aria-hidden="true">·</span>
      <TimeAgo time={chat.updated_at} />
      <span className="sr-only">, {plural(chat.message_count, "message")}</span>
      {unread === 0 ? null : (
        <span className="ml-auto min-w-5 shrink-0 rounded-full bg-river px-1.5 text-center font-medium text-on-river text-xs leading-5">
          <span className="sr-only">, </span>
          {unread === "some" ? "new" : formatNumber(unread)}
          <span className="sr-only"> unread</span>
        </span>
      )}
      {chat.hold ? <HoldBadge hold={chat.hold} className={unread === 0 ? "ml-auto" : ""} /> : null}
    </span>
  );
}

/** How far this browser's reader is behind; see `unreadIn`. */
function useUnread(chat: ListedChat): number | "some" {
  const reader = useReader();
  return useSyncExternalStore(
    onStored,
    () => unreadIn(reader, chat),
    () => 0,
  );
}

/** Right and left go from one thing in the row to the next: the list as a whole stays one tab stop. */
function moveWithin(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (step === 0 || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input, a, button")];
  const at = stops.findIndex((stop) => stop.contains(document.activeElement));
  stops[at + step]?.focus();
}

// Rows of virtual lists are placed one by one, which a <table> does not allow. What is focused is inside the cells.
const roles = {
  grid: { role: "grid" },
  row: { role: "row" },
  cell: { role: "gridcell" },
} as const;

/** A list of rows with several things to press in each, of which one or more can be selected. */
export function Grid(props: ComponentProps<"div">) {
  return <div {...roles.grid} {...props} />;
}

function GridRow(props: ComponentProps<"div">) {
  return <div {...roles.row} {...props} />;
}

function GridCell(props: ComponentProps<"div">) {
  return <div {...roles.cell} {...props} />;
}
