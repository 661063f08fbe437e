"use client";

import { applyEvent, useLethe } from "@lethe/client/react";
import { useEffect, useState } from "react";
import { connectLive, type LiveStatus } from "./connect-live.ts";

/**
 * Holds a live connection to a chat while `isHeld`, and writes what arrives into the cache. While a
 * deletion runs it must not be held: it would stand in the deletion's own way.
 */
export function useLiveChat(chatId: string, isHeld: boolean): LiveStatus {
  const lethe = useLethe();
  const [status, setStatus] = useState<LiveStatus>("connecting");

  useEffect(() => {
    if (!isHeld) return;
    const readChat = () =>
      void lethe.queryClient.invalidateQueries({
        queryKey: lethe.trpc.chat.byId.queryKey({ chat_id: chatId }),
      });
    const live = connectLive({
      chatId,
      onStatus: setStatus,
      onLost: readChat,
      onFrame: (frame) => {
        switch (frame.type) {
          case "ready":
            readChat();
            // What was said while nobody listened.
            void lethe.queryClient.invalidateQueries({
              queryKey: lethe.trpc.message.list.pathKey(),
              predicate: (query) =>
                query.state.dataUpdatedAt > 0 && JSON.stringify(query.queryKey).includes(chatId),
            });
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
  }, [lethe, chatId, isHeld]);
  return status;
}
