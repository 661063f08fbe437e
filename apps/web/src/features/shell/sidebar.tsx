"use client";

import type { EventsStatus } from "@lethe/client/react";
import { ScrollText, Sparkles, SquarePen, Trash2 } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useRef, useState } from "react";
import { Logo } from "@/components/logo.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/controls.tsx";
import { ChatsPanel } from "@/features/chats/list/chats-panel.tsx";
import { AccountButton } from "@/features/session/account-button.tsx";
import { useMay, useOwnSession } from "@/features/session/own-session.tsx";
import { chatIdIn } from "@/lib/browser.ts";
import { later } from "@/lib/later.ts";
import { useTrashList } from "../chats/list/list-view.ts";
import { Palette } from "./palette.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

const LiveUpdates = later(
  () => import("./live-updates.tsx").then((module) => module.LiveUpdates),
  () => false,
);
const isOpen = ({ open }: { open: boolean }) => open;
const NewChatDialog = later(
  () => import("@/features/chats/new-chat-dialog.tsx").then((module) => module.NewChatDialog),
  isOpen,
);
const ShortcutsDialog = later(
  () => import("./shortcuts-dialog.tsx").then((module) => module.ShortcutsDialog),
  isOpen,
);

type SidebarProps = { cursor: string; isList: boolean; onStatus: (status: EventsStatus) => void };

/** The left side: brand, new chat, settings, search and the list. */
export function Sidebar(props: SidebarProps) {
  const session = useOwnSession();
  const mayWrite = useMay("chats:write");
  const search = useRef<HTMLInputElement>(null);
  const [isNew, setIsNew] = useState(false);
  const [isHelp, setIsHelp] = useState(false);
  const openId = chatIdIn(usePathname());
  useShortcuts({ "/": () => search.current?.focus(), "?": () => setIsHelp(true) });

  return (
    <section
      aria-label="All chats"
      className={cn(
        "min-h-0 w-full flex-col bg-shore md:flex md:border-r print:hidden",
        props.isList ? "flex" : "hidden",
      )}
    >
      {props.isList ? <h1 className="sr-only md:hidden">Chats</h1> : null}
      <header className="flex items-center gap-1 px-4 pt-3.5 pb-3">
        <Link href="/chats" className="mr-auto flex items-center gap-2.5 rounded-lg pr-2">
          <Logo />
          <span className="font-semibold text-lg tracking-tight">Lethe</span>
        </Link>
        {mayWrite ? (
          <Button
            variant="ghost"
            size="icon"
            aria-label="New chat"
            title="New chat"
            onClick={() => setIsNew(true)}
          >
            <SquarePen aria-hidden="true" />
          </Button>
        ) : null}
        <AccountButton onShortcuts={() => setIsHelp(true)} />
      </header>
      {session.isDemo ? (
        <Link
          href="/chats/try"
          className="mx-4 mb-3 flex min-h-10 items-center gap-2.5 rounded-lg bg-mist px-3 font-medium text-sm hover:bg-chosen md:hidden"
        >
          <Sparkles aria-hidden="true" className="size-4 text-river" />
          Try a deletion
        </Link>
      ) : null}
      <ChatsPanel searchRef={search} openId={openId} onNew={() => setIsNew(true)} />
      <LiveUpdates cursor={props.cursor} onStatus={props.onStatus} />
      <nav aria-label="More pages" className="flex flex-wrap gap-1 border-t px-2 py-1.5">
        <TrashLink />
        <NavLink href="/deletions" icon={<ScrollText aria-hidden="true" />}>
          Deletions
        </NavLink>
      </nav>
      <NewChatDialog open={isNew} onOpenChange={setIsNew} />
      <Palette onNew={() => setIsNew(true)} onShortcuts={() => setIsHelp(true)} />
      <ShortcutsDialog open={isHelp} onOpenChange={setIsHelp} />
    </section>
  );
}

type NavLinkProps = { href: Route; icon: ReactNode; children: ReactNode };

/** A way to another page. It is marked while that page is open, or one below it. */
function NavLink({ href, icon, children }: NavLinkProps) {
  const path = usePathname();
  const isOpen = path === href || path.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      aria-current={isOpen ? "page" : undefined}
      className={cn(
        "flex min-h-10 flex-1 basis-28 items-center gap-2.5 rounded-lg px-3 font-medium text-sm transition-colors [&>svg]:size-4 [&>svg]:shrink-0",
        isOpen ? "bg-chosen text-ink" : "text-soft hover:bg-hover hover:text-ink",
      )}
    >
      {icon}
      {children}
    </Link>
  );
}

/** The way to the Trash, with how much lies in it: exact up to the first page, "50+" beyond. */
function TrashLink() {
  const { chats, hasNextPage } = useTrashList();
  return (
    <NavLink href="/trash" icon={<Trash2 aria-hidden="true" />}>
      Trash
      {chats.length > 0 ? (
        <span className="ml-auto text-soft text-xs tabular-nums">
          <span className="sr-only">, chats in it: </span>
          {chats.length}
          {hasNextPage ? "+" : ""}
        </span>
      ) : null}
    </NavLink>
  );
}
