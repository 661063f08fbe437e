"use client";

import type { Chat } from "@lethe/api/schemas";
import { ExternalLink } from "lucide-react";
import { Button, buttonVariants } from "@/components/ui/button.tsx";
import { useDeleteChats } from "@/features/chats/delete/delete-chats.tsx";
import { Step } from "./step.tsx";

/** Suggests deleting a chat that somebody is connected to, which is refused. */
export function TryConflict({ chat }: { chat: Chat }) {
  const { askToDelete } = useDeleteChats();
  return (
    <Step
      title="While somebody is reading it"
      text={
        <>
          Open “{chat.title}” in a second tab, then delete it permanently here. You will see a{" "}
          <strong>409</strong>: Lethe does not erase a chat under people’s eyes, unless you tell it to.
        </>
      }
    >
      <a
        href={`/chats/${chat.id}`}
        target="_blank"
        rel="noreferrer"
        className={buttonVariants({ variant: "outline" })}
      >
        Open in a second tab
        <ExternalLink aria-hidden="true" />
      </a>
      <Button variant="ghost" onClick={() => askToDelete(chat)}>
        Then delete it permanently
      </Button>
    </Step>
  );
}
