"use client";

import type { Chat } from "@lethe/api/schemas";
import { useDeletionState, useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef, useState } from "react";
import { AlertDialog, AlertDialogContent } from "@/components/ui/alert-dialog.tsx";
import { focusHome, keepFocus } from "@/lib/keep-focus.ts";
import type { Asked, Confirmed } from "./delete-chats.tsx";
import { DeleteQuestion } from "./delete-question.tsx";
import { HeldNotice } from "./held-notice.tsx";

type DeleteDialogProps = {
  /** The chat to ask about; null closes the dialog. */
  asked: Asked | null;
  onCancel: () => void;
  onConfirm: (chat: Chat, confirmed: Confirmed) => void;
  /** Somebody else has deleted the chat while the question was open. */
  onGone: (chat: Chat) => void;
};

/** Asks before a chat is deleted for good. */
export function DeleteDialog({ asked, onCancel, onConfirm, onGone }: DeleteDialogProps) {
  // The text stays while the dialog fades out.
  const [shown, setShown] = useState(asked);
  if (asked && asked !== shown) setShown(asked);
  const cancel = useRef<HTMLButtonElement>(null);
  const confirmed = useRef(false);
  const chat = asked?.chat;
  const isGone = useDeletionState(chat?.id ?? "")?.status === "deleted";
  useEffect(() => {
    if (chat && isGone) onGone(chat);
  }, [chat, isGone, onGone]);

  return (
    <AlertDialog
      open={asked !== null}
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
        finalFocus={() => (confirmed.current ? focusHome(shown?.chat.id) : true)}
      >
        {shown ? (
          <Body
            key={`${shown.chat.id} ${shown.exportAs ?? ""}`}
            asked={shown}
            isOpen={asked !== null}
            cancelRef={cancel}
            onCancel={onCancel}
            onConfirm={(what) => {
              // The dialog can still be clicked while it fades out.
              if (confirmed.current) return;
              confirmed.current = true;
              onConfirm(shown.chat, what);
            }}
          />
        ) : null}
      </AlertDialogContent>
    </AlertDialog>
  );
}

function Body(props: {
  asked: Asked;
  isOpen: boolean;
  cancelRef: RefObject<HTMLButtonElement | null>;
  onCancel: () => void;
  onConfirm: (confirmed: Confirmed) => void;
}) {
  const { asked, cancelRef, onCancel, onConfirm } = props;
  const { trpc } = useLethe();
  const deletion = useDeletionState(asked.chat.id);
  const { data } = useQuery({
    ...trpc.chat.byId.queryOptions({ chat_id: asked.chat.id }),
    staleTime: 0,
    enabled: props.isOpen && deletion === undefined,
    refetchInterval: 2_000,
    retry: false,
  });
  const chat = data ?? asked.chat;
  return chat.hold ? (
    <HeldNotice chat={chat} hold={chat.hold} cancelRef={cancelRef} onCancel={onCancel} />
  ) : (
    <DeleteQuestion
      chat={chat}
      exportAs={asked.exportAs}
      cancelRef={cancelRef}
      onCancel={onCancel}
      onConfirm={onConfirm}
    />
  );
}
