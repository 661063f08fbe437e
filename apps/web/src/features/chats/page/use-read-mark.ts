"use client";

import type { Message } from "@lethe/api/schemas";
import { useEffect, useState, useSyncExternalStore } from "react";
import { markRead, readTo as readBefore, useReader } from "../notes.ts";

/**
 * How far this browser's reader has read a chat. Everything counts as read that came while the page was looked at.
 *
 * @param newest the place of the newest message
 * @param inSight the newest message, if it is in sight
 * @returns the first message that was not read when it came (undefined: none), and how many were not yet
 */
export function useReadMark(chatId: string, newest: number, inSight: Message | undefined) {
  const reader = useReader();
  const isVisible = useSyncExternalStore(
    onVisibility,
    () => !document.hidden,
    () => true,
  );
  const isRead = inSight !== undefined && isVisible;
  const [kept] = useState(() => readBefore(reader, chatId) ?? newest);
  const [readTo, setReadTo] = useState(kept);
  const [firstNew, setFirstNew] = useState(kept < newest ? kept + 1 : undefined);

  useEffect(() => {
    if (inSight && isVisible) {
      setReadTo(newest);
      markRead(reader, chatId, inSight);
    } else if (newest > readTo) {
      setFirstNew((known) => (known !== undefined && known > readTo ? known : readTo + 1));
    }
  }, [reader, chatId, newest, inSight, isVisible, readTo]);

  return { firstNew, unseen: isRead ? 0 : Math.max(0, newest - readTo) };
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}
