"use client";

import type { Chat } from "@lethe/api/schemas";
import { Trash2 } from "lucide-react";
import Link from "next/link";
import { type ComponentProps, type KeyboardEvent, type MouseEvent, memo, type Ref } from "react";
import { TimeAgo } from "@/components/time-ago.tsx";
import { buttonVariants, Checkbox, cn } from "@/components/ui/controls.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { plural } from "@/lib/format.ts";
import { ChatMenu } from "../chat-menu.tsx";
import { HoldBadge } from "../hold/hold-badge.tsx";

type ChatRowProps = {
  ref: Ref<HTMLDivElement>;
  chat: Chat;
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
          <span className="mt-0.5 flex items-center gap-2 text-[0.8125rem] text-soft leading-5">
            <span className="min-w-0 truncate">
              <TimeAgo time={chat.updated_at} /> <span aria-hidden="true">·</span>{" "}
              {plural(chat.message_count, "message")}
            </span>
            {chat.hold ? <HoldBadge hold={chat.hold} /> : null}
          </span>
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
