"use client";

import type { Chat } from "@lethe/api/schemas";
import Link from "next/link";
import { Button, buttonVariants } from "@/components/ui/button.tsx";
import { useDeleteChats } from "@/features/chats/delete/delete-chats.tsx";
import { plural } from "@/lib/plural.ts";
import { Step } from "./step.tsx";

/** Suggests deleting a chat with a click. */
export function TryHere({ chat }: { chat: Chat }) {
  const { askToDelete } = useDeleteChats();
  return (
    <Step
      title="Right here"
      text={
        <>
          “{chat.title}” has {plural(chat.message_count, "message")}. Read it one last time, or let it go at
          once.
        </>
      }
    >
      <Button variant="danger" onClick={() => askToDelete(chat)}>
        Delete this chat
      </Button>
      <Link href={`/chats/${chat.id}`} className={buttonVariants({ variant: "ghost" })}>
        Read it first
      </Link>
    </Step>
  );
}
