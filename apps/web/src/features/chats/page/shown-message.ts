"use client";

import { useEffect, useRef } from "react";

type Listener = (chatId: string, seq: number) => void;

const listeners = new Set<Listener>();

/** Shows a message of an open chat, once more if its address is the page's already: then no navigation does. */
export function showMessage(chatId: string, seq: number): void {
  for (const listener of listeners) listener(chatId, seq);
}

/** Hears which message of this chat is asked for while it is open. */
export function useAskedMessage(chatId: string, onAsked: (seq: number) => void): void {
  const latest = useRef(onAsked);
  useEffect(() => {
    latest.current = onAsked;
  });
  useEffect(() => {
    const listener: Listener = (asked, seq) => {
      if (asked === chatId) latest.current(seq);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [chatId]);
}
