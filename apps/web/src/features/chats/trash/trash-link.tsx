"use client";

import { Trash2 } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/lib/cn.ts";
import { useTrashList } from "../list/use-chat-list.ts";

/** The way to the trash, with how much lies in it: exact up to the first page, "50+" beyond. */
export function TrashLink() {
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
