"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { useOwnSession } from "@/features/session/own-session.tsx";
import { readMarks } from "../notes.ts";

/**
 * How far this browser's reader has read a chat. Everything counts as read that came while the page was looked at.
 *
 * @param newest the place of the newest message; 0 if there is none
 * @param isAtEnd whether the newest message is in sight
 * @returns the first message that was not read when it came (undefined: none), and how many were not yet
 */
export function useReadMark(chatId: string, newest: number, isAtEnd: boolean) {
  const tenantId = useOwnSession().tenant.id;
  const isVisible = useSyncExternalStore(
    onVisibility,
    () => !document.hidden,
    () => true,
  );
  const isRead = isAtEnd && isVisible;
  const [kept] = useState(() => Number(readMarks.get(tenantId, chatId) ?? newest));
  const [readTo, setReadTo] = useState(kept);
  const [firstNew, setFirstNew] = useState(kept < newest ? kept + 1 : undefined);

  useEffect(() => {
    if (isRead) {
      setReadTo(newest);
      if (newest > 0) readMarks.set(tenantId, chatId, String(newest));
    } else if (newest > readTo) {
      setFirstNew((known) => (known !== undefined && known > readTo ? known : readTo + 1));
    }
  }, [tenantId, chatId, newest, isRead, readTo]);

  return { firstNew, unseen: isRead ? 0 : Math.max(0, newest - readTo) };
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}
