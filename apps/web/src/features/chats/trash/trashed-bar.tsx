"use client";

import type { Chat } from "@lethe/api/schemas";
import { Eraser, Trash2, Undo2 } from "lucide-react";
import { TimeAgo } from "@/components/time-ago.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useMay, useOwnSession } from "@/features/session/own-session.tsx";
import { formatClock, formatDay } from "@/lib/format.ts";
import { deleteChats, trashChats } from "../chat-actions.ts";

/** In place of the composer, for a chat in the trash: says that it is there, and offers the ways out. */
export function TrashedBar({ chat, isRestoring }: { chat: Chat; isRestoring: boolean }) {
  const { restore } = trashChats;
  const { askToDelete } = deleteChats;
  const { actorId } = useOwnSession();
  const mayTrash = useMay("chats:trash");
  const mayDelete = useMay("chats:delete");
  return (
    <section aria-label="This chat is in the Trash" className="border-t bg-shore py-3">
      <div className="mx-auto flex w-full max-w-3xl flex-wrap items-center gap-x-4 gap-y-3 px-4 sm:px-6">
        <Trash2 aria-hidden="true" className="size-5 shrink-0 text-soft max-sm:hidden" />
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="font-medium text-sm">This chat is in the Trash</h2>
          <p className="mt-0.5 text-pretty text-[0.8125rem] text-soft leading-5" suppressHydrationWarning>
            Deleted {chat.trashed_at ? <TimeAgo time={chat.trashed_at} /> : null} by{" "}
            {describeTrasher(chat, actorId)}. {describePurge(chat)}. Nobody can write to it meanwhile.
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {mayTrash ? (
            <Button
              variant="primary"
              disabled={isRestoring}
              focusableWhenDisabled
              onClick={() => restore(chat)}
            >
              <Undo2 aria-hidden="true" />
              {isRestoring ? "Restoring…" : "Restore"}
            </Button>
          ) : null}
          {mayDelete ? (
            <Button breaks variant="ghost-danger" onClick={() => askToDelete(chat)}>
              <Eraser aria-hidden="true" className="max-sm:hidden" />
              Delete permanently
            </Button>
          ) : null}
        </div>
      </div>
    </section>
  );
}

const dayLength = 86_400_000;

/** Who moved a chat into the trash: "you", "Ada Lovelace (ada@example.com)", "the API key ci (lethe_4k2m9x7p)". */
export function describeTrasher({ trashed_by: by }: Pick<Chat, "trashed_by">, actorId: string): string {
  if (!by) return "somebody";
  if (by.id === actorId) return "you";
  if (by.kind === "person") return by.name ?? "somebody";
  if (by.kind === "session")
    return by.name === null ? "another session" : `another browser with the API key ${by.name}`;
  if (by.kind === "api_key") return `the API key ${by.name ?? by.id.slice(0, 8)}`;
  return by.kind === "operator" ? "an operator" : "Lethe itself";
}

/** What becomes of a chat in the trash if nobody does anything. */
export function describePurge(chat: Pick<Chat, "purge_at" | "hold">, now = Date.now()): string {
  if (chat.hold) return "Kept while it is on hold";
  if (chat.purge_at === null) return "Kept until somebody deletes it";
  const left = Date.parse(chat.purge_at) - now;
  const time = new Date(chat.purge_at);
  if (left <= 0) return "Deleted permanently any moment now";
  if (left < dayLength)
    return `Deleted permanently ${isToday(time, now) ? "today" : "tomorrow"} at ${formatClock(time)}`;
  return `Deleted permanently on ${formatDay(time)}`;
}

function isToday(time: Date, now: number): boolean {
  return time.toDateString() === new Date(now).toDateString();
}
