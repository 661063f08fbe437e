"use client";

import type { Chat } from "@lethe/api/schemas";
import { ArrowLeft, Trash2 } from "lucide-react";
import Link from "next/link";
import { Button, buttonVariants } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/loading.tsx";
import { cn } from "@/lib/cn.ts";
import { plural } from "@/lib/format.ts";
import { ChatMenu } from "../chat-menu.tsx";
import { ExportItems } from "../export/export-items.tsx";
import { HoldBadge } from "../hold/hold-chats.tsx";
import { useTrashChats } from "../trash/trash-chats.tsx";
import { ChatTitle } from "./chat-title.tsx";
import type { LiveStatus } from "./use-live-chat.ts";

const dots: Record<LiveStatus, string> = {
  live: "bg-live",
  connecting: "bg-edge",
  reconnecting: "bg-danger",
};

/** What the chat is called, how big it is, who is connected, and the button that deletes it. */
export function ChatHeader({ chat, live }: { chat: Chat; live: LiveStatus }) {
  const { trash } = useTrashChats();
  return (
    <header className="flex items-center gap-2 border-b px-3 py-2.5 md:px-5">
      <Link
        href="/chats"
        aria-label="Back to all chats"
        className={cn(buttonVariants({ variant: "ghost", size: "icon" }), "md:hidden")}
      >
        <ArrowLeft aria-hidden="true" />
      </Link>
      <div className="min-w-0 flex-1">
        <ChatTitle key={chat.id} chat={chat} />
        <p className="flex flex-wrap items-center gap-x-2 px-1.5 text-[0.8125rem] text-soft leading-5">
          <span>{plural(chat.message_count, "message")}</span>
          <span aria-hidden="true" className="max-sm:hidden">
            ·
          </span>
          {chat.trashed_at ? <span>in the Trash</span> : <LiveNote chat={chat} live={live} />}
          {chat.hold ? <HoldBadge hold={chat.hold} /> : null}
        </p>
      </div>
      {chat.trashed_at ? null : (
        <Button
          variant="outline"
          title="Move to Trash"
          onClick={() => trash(chat)}
          className="hover:border-danger hover:text-danger"
        >
          <Trash2 aria-hidden="true" />
          <span className="max-sm:sr-only">Delete</span>
        </Button>
      )}
      <ChatMenu chat={chat}>
        <ExportItems chat={chat} />
      </ChatMenu>
    </header>
  );
}

function LiveNote({ chat, live }: { chat: Chat; live: LiveStatus }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden="true" className={cn("size-2 rounded-full", dots[live])} />
      {live === "live" ? plural(Math.max(1, chat.active_connections), "live connection") : null}
      {live === "connecting" ? "Connecting…" : null}
      {live === "reconnecting" ? "Reconnecting…" : null}
    </span>
  );
}

/** The header of a chat while it is on the way. */
export function ChatHeaderSkeleton() {
  return (
    <div className="flex h-[4.5rem] items-center border-b px-5 py-2.5">
      <div className="flex-1">
        <Skeleton className="h-4 w-56 max-w-full" />
        <Skeleton className="mt-2.5 h-3 w-40 max-w-full" />
      </div>
    </div>
  );
}
