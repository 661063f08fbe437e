"use client";

import type { Chat } from "@lethe/api/schemas";
import { Eraser, Undo2 } from "lucide-react";
import Link from "next/link";
import { TimeAgo } from "@/components/time-ago.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useOwnSession } from "@/features/session/own-session.tsx";
import { plural } from "@/lib/plural.ts";
import { useDeleteChats } from "../delete/delete-chats.tsx";
import { HoldBadge } from "../hold/hold-badge.tsx";
import { describePurge, describeTrasher } from "./describe-trashing.ts";
import { useTrashChats } from "./trash-chats.tsx";

/** A chat in the trash, with the two ways out of it. */
export function TrashRow({ chat }: { chat: Chat }) {
  const { restore } = useTrashChats();
  const { askToDelete } = useDeleteChats();
  const ownSession = useOwnSession();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2.5 px-4 py-3 [contain-intrinsic-size:auto_4.5rem] [content-visibility:auto]">
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex items-center gap-2">
          <Link
            href={`/chats/${chat.id}`}
            prefetch={false}
            data-trash-button="open"
            className="min-w-0 truncate rounded-md py-0.5 font-medium text-[0.9375rem] leading-5 hover:underline"
          >
            {chat.title}
          </Link>
          {chat.hold ? <HoldBadge hold={chat.hold} /> : null}
        </div>
        <p className="mt-0.5 text-pretty text-[0.8125rem] text-soft leading-5">
          Deleted {chat.trashed_at ? <TimeAgo time={chat.trashed_at} /> : null} by{" "}
          {describeTrasher(chat, ownSession)} <span aria-hidden="true">·</span>{" "}
          {plural(chat.message_count, "message")}
        </p>
        <p className="text-pretty text-[0.8125rem] text-soft leading-5" suppressHydrationWarning>
          {describePurge(chat)}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          aria-label={`Restore ${chat.title}`}
          data-trash-button="restore"
          onClick={() => restore(chat)}
        >
          <Undo2 aria-hidden="true" />
          Restore
        </Button>
        <Button
          breaks
          size="sm"
          variant="ghost-danger"
          aria-label={`Delete permanently: ${chat.title}`}
          data-trash-button="delete"
          onClick={() => askToDelete(chat)}
        >
          <Eraser aria-hidden="true" className="max-sm:hidden" />
          Delete permanently
        </Button>
      </div>
    </li>
  );
}
