"use client";

import type { Message } from "@lethe/api/schemas";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useOwnSession } from "@/features/session/own-session.tsx";
import { markRead, readTo as readBefore } from "../notes.ts";

/**
 * How far this browser's reader has read a chat. Everything counts as read that came while the page was looked at.
 *
 * @param newest the place of the newest message
 * @param inSight the newest message, if it is in sight
 * @returns the first message that was not read when it came (undefined: none), and how many were not yet
 */
export function useReadMark(chatId: string, newest: number, inSight: Message | undefined) {
  const tenantId = useOwnSession().tenant.id;
  const isVisible = useSyncExternalStore(
    onVisibility,
    () => !document.hidden,
    () => true,
  );
  const isRead = inSight !== undefined && isVisible;
  const [kept] = useState(() => readBefore(tenantId, chatId) ?? newest);
  const [readTo, setReadTo] = useState(kept);
  const [firstNew, setFirstNew] = useState(kept < newest ? kept + 1 : undefined);

  useEffect(() => {
    if (inSight && isVisible) {
      setReadTo(newest);
      markRead(tenantId, chatId, inSight);
    } else if (newest > readTo) {
      setFirstNew((known) => (known !== undefined && known > readTo ? known : readTo + 1));
    }
  }, [tenantId, chatId, newest, inSight, isVisible, readTo]);

  return { firstNew, unseen: isRead ? 0 : Math.max(0, newest - readTo) };
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}
