"use client";

import { type EventsStatus, useLethe, useTenantEvents } from "@lethe/client/react";
import { CloudOff, Sparkles, SquarePen, Trash2 } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Logo } from "@/components/logo.tsx";
import { Button, cn } from "@/components/ui/controls.tsx";
import { ChatsPanel } from "@/features/chats/list/chats-panel.tsx";
import { NewChatDialog } from "@/features/chats/new-chat-dialog.tsx";
import { useSelectChats } from "@/features/chats/select/selection.tsx";
import { JobStrip } from "@/features/jobs/job-strip.tsx";
import { useJobNotifications } from "@/features/jobs/use-job-notifications.ts";
import { useRefreshJobs } from "@/features/jobs/use-jobs.ts";
import { AccountMenu } from "@/features/session/account-menu.tsx";
import { returnToSignIn } from "@/features/session/own-session.tsx";
import { useTrashList } from "../chats/list/list-view.ts";
import { ShortcutsDialog, useShortcuts } from "./shortcuts.tsx";

type SidebarProps = { sessionId: string; cursor: string; demo: boolean; isList: boolean };

/** The left side: brand, new chat, settings, search and the list. */
export function Sidebar(props: SidebarProps) {
  const { moves } = useLethe();
  const { drop } = useSelectChats();
  const refreshJobs = useRefreshJobs();
  useJobNotifications();
  const events = useTenantEvents({
    scope: props.sessionId,
    cursor: props.cursor,
    onUnauthorized: returnToSignIn,
    onEvent: (event) => {
      if (event.type === "chat.deleted") {
        drop([event.chat_id]);
        refreshJobs();
      }
      // What tells of a move that was undone here meanwhile comes late.
      if (event.type === "chat.trashed" && !moves.isMisplaced(event.chat)) drop([event.chat.id]);
    },
  });
  const search = useRef<HTMLInputElement>(null);
  const [isNew, setIsNew] = useState(false);
  const [isHelp, setIsHelp] = useState(false);
  const openId = /^\/chats\/([0-9a-f-]{36})$/i.exec(usePathname())?.[1]?.toLowerCase();
  useShortcuts({ "/": () => search.current?.focus(), "?": () => setIsHelp(true) });

  return (
    <section
      aria-label="All chats"
      className={cn("min-h-0 w-full flex-col bg-shore md:flex md:border-r", props.isList ? "flex" : "hidden")}
    >
      {props.isList ? <h1 className="sr-only md:hidden">Chats</h1> : null}
      <header className="flex items-center gap-1 px-4 pt-3.5 pb-3">
        <Link href="/chats" className="mr-auto flex items-center gap-2.5 rounded-lg pr-2">
          <Logo />
          <span className="font-semibold text-lg tracking-tight">Lethe</span>
        </Link>
        <Button
          variant="ghost"
          size="icon"
          aria-label="New chat"
          title="New chat"
          onClick={() => setIsNew(true)}
        >
          <SquarePen aria-hidden="true" />
        </Button>
        <AccountMenu onShortcuts={() => setIsHelp(true)} />
      </header>
      {props.demo ? (
        <Link
          href="/chats/try"
          className="mx-4 mb-3 flex min-h-10 items-center gap-2.5 rounded-lg bg-mist px-3 font-medium text-sm hover:bg-chosen md:hidden"
        >
          <Sparkles aria-hidden="true" className="size-4 text-river" />
          Try a deletion
        </Link>
      ) : null}
      <ChatsPanel searchRef={search} openId={openId} onNew={() => setIsNew(true)} />
      <JobStrip />
      <ConnectionNote status={events} />
      <nav aria-label="More chats" className="border-t px-2 py-1.5">
        <TrashLink />
      </nav>
      <NewChatDialog open={isNew} onOpenChange={setIsNew} />
      <ShortcutsDialog open={isHelp} onOpenChange={setIsHelp} />
    </section>
  );
}

/** Shorter interruptions are not shown; milliseconds. */
const graceMs = 3_000;

/** Says that the list is not live while there is no connection. */
function ConnectionNote({ status }: { status: EventsStatus }) {
  const [isAway, setIsAway] = useState(false);
  useEffect(() => {
    if (status === "live") return setIsAway(false);
    const timer = setTimeout(() => setIsAway(true), graceMs);
    return () => clearTimeout(timer);
  }, [status]);
  if (!isAway) return null;
  return (
    <p className="flex items-center gap-2 border-t px-5 py-2.5 text-soft text-xs">
      <CloudOff aria-hidden="true" className="size-4 shrink-0" />
      {status === "refused" ? "Too many are watching at once." : "No connection."} The list catches up once it
      is back.
    </p>
  );
}

/** The way to the trash, with how much lies in it: exact up to the first page, "50+" beyond. */
function TrashLink() {
  const isOpen = usePathname() === "/trash";
  const { chats, hasNextPage } = useTrashList();
  return (
    <Link
      href="/trash"
      aria-current={isOpen ? "page" : undefined}
      className={cn(
        "flex min-h-10 items-center gap-2.5 rounded-lg px-3 font-medium text-sm text-soft transition-colors hover:bg-hover hover:text-ink",
        isOpen && "bg-chosen text-ink hover:bg-chosen",
      )}
    >
      <Trash2 aria-hidden="true" className="size-4 shrink-0" />
      Trash
      {chats.length > 0 ? (
        <span className="ml-auto text-soft text-xs tabular-nums">
          <span className="sr-only">, chats in it: </span>
          {chats.length}
          {hasNextPage ? "+" : ""}
        </span>
      ) : null}
    </Link>
  );
}
