"use client";

import { useEffect, useState } from "react";
import { applyEvent } from "../cache/apply-event.ts";
import { catchUpMessages } from "../cache/messages.ts";
import { connectLive, type LiveStatus } from "../live/connect-live.ts";
import { useLethe } from "./lethe-provider.tsx";
import { useDeletionState, useMoveState } from "./use-chat-state.ts";

/**
 * Holds a live connection to a chat while `isHeld`, and writes what arrives into the cache: what `useMessages` shows is what
 * was said. Others see that somebody is connected, and a deletion of theirs is refused. One of this page is not:
 * while it runs the connection is closed, and opened again if it is refused.
 *
 * @param isHeld false for a chat that cannot be connected to, because it lies in the trash
 */
export function useLiveChat(chatId: string, isHeld = true): LiveStatus {
  const lethe = useLethe();
  const [status, setStatus] = useState<LiveStatus>("connecting");
  const isDeleting = useDeletionState(chatId) !== undefined;
  const isTrashing = useMoveState(chatId) === "trashing";
  const isOpen = isHeld && !isDeleting && !isTrashing;

  useEffect(() => {
    if (!isOpen) return;
    const readChat = () =>
      void lethe.queryClient.invalidateQueries({
        queryKey: lethe.trpc.chat.byId.queryKey({ chat_id: chatId }),
      });
    const live = connectLive(lethe.client, {
      chatId,
      onStatus: setStatus,
      onLost: readChat,
      onFrame: (frame) => {
        switch (frame.type) {
          case "ready":
            readChat();
            // Messages that were sent while there was no connection.
            catchUpMessages(lethe, lethe.client, chatId).catch(() => undefined);
            return;
          case "message.created":
          case "chat.updated":
          case "chat.trashed":
            return applyEvent(lethe, frame);
          case "chat.deleted":
            return applyEvent(lethe, { ...frame, deletion_id: "" });
        }
      },
    });
    return () => live.close();
  }, [lethe, chatId, isOpen]);
  return status;
}
