"use client";

import type { Chat } from "@lethe/api/schemas";
import Link from "next/link";
import { Button, buttonVariants } from "@/components/ui/button.tsx";
import { Kbd } from "@/components/ui/kbd.tsx";
import { useDeleteChats } from "@/features/chats/delete/delete-chats.tsx";
import { useTrashChats } from "@/features/chats/trash/trash-chats.tsx";
import { plural } from "@/lib/plural.ts";
import { Step } from "./step.tsx";

/** Suggests deleting a chat with a click: into the trash, or for good. */
export function TryHere({ chat }: { chat: Chat }) {
  const { trash } = useTrashChats();
  const { askToDelete } = useDeleteChats();
  return (
    <Step
      title="Right here"
      text={
        <>
          “{chat.title}” has {plural(chat.message_count, "message")}. Move it to the Trash and press{" "}
          <Kbd>Ctrl</Kbd> <Kbd>Z</Kbd> to change your mind, or let it go for good.
        </>
      }
    >
      <Button variant="primary" onClick={() => trash(chat)}>
        Move it to the Trash
      </Button>
      <Button variant="danger" onClick={() => askToDelete(chat)}>
        Delete it permanently
      </Button>
      <Link href={`/chats/${chat.id}`} className={buttonVariants({ variant: "ghost" })}>
        Read it first
      </Link>
    </Step>
  );
}
