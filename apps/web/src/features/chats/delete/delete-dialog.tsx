"use client";

import type { Chat } from "@lethe/api/schemas";
import { useDeletionState, useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect } from "react";
import { QuestionDialog } from "@/components/question-dialog.tsx";
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
  const chat = asked?.chat;
  const isGone = useDeletionState(chat?.id ?? "")?.status === "deleted";
  useEffect(() => {
    if (chat && isGone) onGone(chat);
  }, [chat, isGone, onGone]);

  return (
    <QuestionDialog asked={asked} onCancel={onCancel} leaving={(one) => one.chat.id}>
      {(question) => (
        <Body
          key={`${question.asked.chat.id} ${question.asked.exportAs ?? ""}`}
          asked={question.asked}
          isOpen={asked !== null}
          cancelRef={question.cancelRef}
          onCancel={onCancel}
          onConfirm={(what) => question.confirm(() => onConfirm(question.asked.chat, what))}
        />
      )}
    </QuestionDialog>
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
