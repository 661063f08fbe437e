"use client";

import type { Chat } from "@lethe/api/schemas";
import { type LetheClientError, toLetheError } from "@lethe/client";
import { applyChange, useLethe } from "@lethe/client/react";
import { useMutation } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { RequestId } from "@/components/request-id.tsx";
import { toasts } from "@/components/ui/toast.tsx";
import { HoldDialog } from "./hold-dialog.tsx";

type HoldChats = {
  /** Asks for a reason, then puts the chat on hold. */
  askToHold: (chat: Chat) => void;
  /** Lets the chat be deleted again. */
  release: (chat: Chat) => void;
};

const HoldChatsContext = createContext<HoldChats | null>(null);

/** Holds the dialog that asks for the reason of a hold. */
export function HoldChats({ children }: { children: ReactNode }) {
  const lethe = useLethe();
  const [asked, setAsked] = useState<Chat | null>(null);
  const { mutate } = useMutation(
    lethe.trpc.chat.releaseHold.mutationOptions({
      onSuccess: (chat) => {
        applyChange(lethe, chat);
        toasts.close(`hold-${chat.id}`);
        toasts.add({
          type: "success",
          timeout: 6_000,
          title: chat.title === null ? "Released the hold" : `Released the hold on “${chat.title}”`,
          description: "It can be deleted again.",
        });
      },
      onError: (cause, { chat_id }) => {
        const error = toLetheError(cause);
        toasts.add({
          id: `hold-${chat_id}`,
          type: "error",
          timeout: 0,
          title: "The hold was not released",
          description: explainHoldFailure(error),
          data: {
            detail: <RequestId id={error.requestId} />,
            actions:
              error.code === "FORBIDDEN" ? [] : [{ label: "Retry", onClick: () => mutate({ chat_id }) }],
          },
        });
      },
    }),
  );
  const value = useMemo(
    () => ({
      askToHold: (chat: Chat) => setAsked(chat),
      release: (chat: Chat) => mutate({ chat_id: chat.id }),
    }),
    [mutate],
  );
  return (
    <HoldChatsContext value={value}>
      {children}
      <HoldDialog chat={asked} onClose={() => setAsked(null)} />
    </HoldChatsContext>
  );
}

/** Puts chats on hold and releases them. */
export function useHoldChats(): HoldChats {
  const value = useContext(HoldChatsContext);
  if (!value) throw new Error("useHoldChats needs HoldChats above it.");
  return value;
}

/** Why a hold could not be changed, in words for people. */
export function explainHoldFailure(error: LetheClientError): string {
  return error.code === "FORBIDDEN"
    ? "You are signed in with a key that may not change holds: it lacks the scope holds:write."
    : error.message;
}
