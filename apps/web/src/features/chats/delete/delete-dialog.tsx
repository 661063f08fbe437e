"use client";

import type { Chat } from "@lethe/api/schemas";
import { useDeletionState, useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { Radio } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import {
  AlertDialog,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
} from "@/components/ui/alert-dialog.tsx";
import { Button } from "@/components/ui/button.tsx";
import { focusHome, keepFocus } from "@/lib/keep-focus.ts";
import { plural } from "@/lib/plural.ts";
import { ownConnectionCount } from "../page/own-connections.ts";

type DeleteDialogProps = {
  /** The chat to ask about; null closes the dialog. */
  chat: Chat | null;
  onCancel: () => void;
  onConfirm: (chat: Chat) => void;
  /** Somebody else has deleted the chat while the question was open. */
  onGone: (chat: Chat) => void;
};

/** Asks before a chat is deleted for good. */
export function DeleteDialog({ chat, onCancel, onConfirm, onGone }: DeleteDialogProps) {
  // The text stays while the dialog fades out.
  const [shown, setShown] = useState(chat);
  if (chat && chat !== shown) setShown(chat);
  const cancel = useRef<HTMLButtonElement>(null);
  const confirmed = useRef(false);
  const isGone = useDeletionState(chat?.id ?? "")?.status === "deleted";
  useEffect(() => {
    if (chat && isGone) onGone(chat);
  }, [chat, isGone, onGone]);

  return (
    <AlertDialog
      open={chat !== null}
      onOpenChange={(open) => {
        if (!open) onCancel();
      }}
      onOpenChangeComplete={(open) => {
        if (!open) keepFocus();
      }}
    >
      <AlertDialogContent
        initialFocus={() => {
          confirmed.current = false;
          return cancel.current;
        }}
        finalFocus={() => (confirmed.current ? focusHome(shown?.id) : true)}
      >
        {shown ? (
          <Question
            chat={shown}
            cancelRef={cancel}
            onCancel={onCancel}
            onConfirm={() => {
              // The dialog can still be clicked while it fades out.
              if (confirmed.current) return;
              confirmed.current = true;
              onConfirm(shown);
            }}
          />
        ) : null}
      </AlertDialogContent>
    </AlertDialog>
  );
}

function Question(props: {
  chat: Chat;
  cancelRef: React.RefObject<HTMLButtonElement | null>;
  onCancel: () => void;
  onConfirm: () => void;
}) {
  const { trpc } = useLethe();
  const deletion = useDeletionState(props.chat.id);
  const { data } = useQuery({
    ...trpc.chat.byId.queryOptions({ chat_id: props.chat.id }),
    staleTime: 0,
    enabled: deletion === undefined,
    refetchInterval: 2_000,
    retry: false,
  });
  const chat = data ?? props.chat;
  const others = Math.max(0, chat.active_connections - ownConnectionCount(chat.id));
  return (
    <>
      <AlertDialogTitle>Delete “{chat.title}”?</AlertDialogTitle>
      <AlertDialogDescription render={<div />}>
        <p>
          {chat.message_count === 0
            ? "The chat has no messages."
            : `${messagesOf(chat.message_count)} for good.`}{" "}
          This cannot be undone.
        </p>
        <LiveWarning others={others} />
      </AlertDialogDescription>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button ref={props.cancelRef} onClick={props.onCancel}>
          Cancel
        </Button>
        <Button variant="danger" onClick={props.onConfirm}>
          Delete
        </Button>
      </div>
    </>
  );
}

function LiveWarning({ others }: { others: number }) {
  if (others === 0)
    return <p className="mt-3 text-sm">No other live connections. Yours, if any, is released first.</p>;
  return (
    <p className="mt-4 flex gap-2.5 rounded-lg bg-mist px-3 py-2.5 text-pretty text-ink text-sm">
      <Radio aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-river" />
      <span>
        <strong className="font-semibold">{plural(others, "other live connection")}</strong>{" "}
        {others === 1 ? "is" : "are"} open on this chat. Lethe refuses to delete it while somebody is
        connected, and then lets you disconnect them.
      </span>
    </p>
  );
}

function messagesOf(count: number): string {
  return count === 1 ? "Its 1 message is erased" : `All ${plural(count, "message")} are erased`;
}
