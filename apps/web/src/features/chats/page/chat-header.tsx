"use client";

import type { Chat } from "@lethe/api/schemas";
import { toLetheError } from "@lethe/client";
import { applyChange, type LiveStatus, useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useMutation } from "@tanstack/react-query";
import { ArrowLeft, Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { type KeyboardEvent, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { RequestId } from "@/components/copy-button.tsx";
import { Button } from "@/components/ui/button.tsx";
import { buttonVariants, cn, Skeleton } from "@/components/ui/controls.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { useMay } from "@/features/session/own-session.tsx";
import { plural } from "@/lib/format.ts";
import { trashChats } from "../chat-actions.ts";
import { ChatMenu } from "../chat-menu.tsx";
import { HoldBadge } from "../hold/hold-badge.tsx";
import { OthersHere } from "./others-here.tsx";

const dots: Record<LiveStatus, string> = {
  live: "bg-live",
  connecting: "bg-edge",
  reconnecting: "bg-danger",
  refused: "bg-danger",
};

/** What the chat is called, how big it is, who is connected, and the button that deletes it. */
export function ChatHeader({ chat, live }: { chat: Chat; live: LiveStatus }) {
  const { trash } = trashChats;
  const mayTrash = useMay("chats:trash");
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
      {chat.trashed_at || !mayTrash ? null : (
        <Button title="Move to Trash" onClick={() => trash(chat)} variant="outline-danger">
          <Trash2 aria-hidden="true" />
          <span className="max-sm:sr-only">Delete</span>
        </Button>
      )}
      <ChatMenu chat={chat} of="page" />
    </header>
  );
}

function LiveNote({ chat, live }: { chat: Chat; live: LiveStatus }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden="true" className={cn("size-2 rounded-full", dots[live])} />
      {live === "live" ? (
        <span>{plural(Math.max(1, chat.active_connections), "live connection")}</span>
      ) : null}
      {live === "live" ? <OthersHere chat={chat} /> : null}
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

/** The title, which a button turns into a field: Enter or leaving it saves, Escape does not. In the trash it is only read. */
function ChatTitle({ chat }: { chat: Chat }) {
  const lethe = useLethe();
  const mayWrite = useMay("chats:write");
  const [draft, setDraft] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const rename = useMutation(
    lethe.trpc.chat.rename.mutationOptions({
      onSuccess: (renamed) => applyChange(lethe, renamed),
      onError: (cause, { title }) => {
        const error = toLetheError(cause);
        toasts.add({
          type: "error",
          timeout: 0,
          title: "The chat was not renamed",
          description: error.message,
          data: {
            detail: <RequestId id={error.requestId} />,
            actions: [{ label: "Retry", onClick: () => rename.mutate({ chat_id: chat.id, title }) }],
          },
        });
      },
    }),
  );

  function finish(save: boolean) {
    const title = draft?.trim();
    setDraft(null);
    if (save && title && title !== chat.title) rename.mutate({ chat_id: chat.id, title });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    // At once: by the next frame something else may have the focus.
    flushSync(() => finish(event.key === "Enter"));
    button.current?.focus();
  }

  if (draft !== null && !chat.trashed_at)
    return (
      <h1 className="max-w-xl">
        <input
          aria-label="Chat title"
          // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was just pressed
          autoFocus
          value={draft}
          maxLength={limits.titleLength}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => finish(true)}
          className="h-8 w-full rounded-md border border-edge bg-card px-1.5 font-semibold text-base"
        />
      </h1>
    );
  const shown = rename.isPending ? rename.variables.title : chat.title;
  return (
    <div className="flex h-8 items-center gap-0.5">
      <h1 dir="auto" className="truncate px-1.5 font-semibold text-base" title={shown}>
        {shown}
      </h1>
      {chat.trashed_at || !mayWrite ? null : (
        <button
          ref={button}
          type="button"
          aria-label="Rename chat"
          title="Rename"
          onClick={() => setDraft(shown)}
          className={buttonVariants({ variant: "ghost", size: "icon-sm" })}
        >
          <Pencil aria-hidden="true" className="size-3.5!" />
        </button>
      )}
    </div>
  );
}
