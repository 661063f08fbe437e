"use client";

import type { Chat } from "@lethe/api/schemas";
import { Lock, LockOpen } from "lucide-react";
import type { RefObject } from "react";
import { TimeAgo } from "@/components/time-ago.tsx";
import { AlertDialogDescription, AlertDialogTitle } from "@/components/ui/alert-dialog.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useHoldChats } from "../hold/hold-chats.tsx";

type HeldNoticeProps = {
  chat: Chat;
  hold: NonNullable<Chat["hold"]>;
  cancelRef: RefObject<HTMLButtonElement | null>;
  onCancel: () => void;
};

/** In place of the question: the chat is on hold, and why. Once it is released the question comes back. */
export function HeldNotice({ chat, hold, cancelRef, onCancel }: HeldNoticeProps) {
  const { release } = useHoldChats();
  return (
    <>
      <AlertDialogTitle>“{chat.title}” is on hold</AlertDialogTitle>
      <AlertDialogDescription render={<div />}>
        <p>
          Somebody has said <TimeAgo time={hold.held_at} /> that this chat must be kept. Until the hold is
          released nothing deletes it, not by force either.
        </p>
        <p className="mt-4 flex gap-2.5 rounded-lg bg-mist px-3 py-2.5 text-ink text-sm">
          <Lock aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-river" />
          <span className="min-w-0 whitespace-pre-wrap break-words">{hold.reason}</span>
        </p>
      </AlertDialogDescription>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button ref={cancelRef} onClick={onCancel}>
          Keep it
        </Button>
        <Button
          breaks
          variant="ghost"
          onClick={() => {
            // The button goes with the notice.
            cancelRef.current?.focus();
            release(chat);
          }}
        >
          <LockOpen aria-hidden="true" />
          Release hold
        </Button>
      </div>
    </>
  );
}
