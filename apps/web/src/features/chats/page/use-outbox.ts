"use client";

import type { Message } from "@lethe/api/schemas";
import { type LetheClientError, toLetheError } from "@lethe/client";
import { applyEvent, useLethe } from "@lethe/client/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { drafts, forgetNotes, useReader } from "../notes.ts";

/** A message that is on its way, or did not get there. */
export type Unsent = {
  key: number;
  author: string;
  body: string;
  /** The newest message when this one was written. */
  after: number;
  error: LetheClientError | null;
};

/**
 * Sends messages and shows them at once; one that fails stays, with its text, until it is sent or dropped. Who leaves the
 * chat or the page meanwhile finds the text in the composer.
 */
export function useOutbox(chatId: string, messages: Message[], total: number) {
  const lethe = useLethe();
  const reader = useReader();
  const [unsent, setUnsent] = useState<Unsent[]>([]);
  const isHere = useLeaving((isPageLeft) => {
    // What is on its way is still answered, unless the page goes with it.
    const left = unsent.filter(({ error }) => error !== null || isPageLeft);
    keepUnsent(
      reader,
      chatId,
      left.map(({ body }) => body),
    );
    setUnsent((all) => all.filter((item) => !left.includes(item)));
  });
  const newest = Math.max(messages.at(-1)?.seq ?? 0, total);

  const drop = useCallback((key: number) => setUnsent((all) => all.filter((item) => item.key !== key)), []);

  const post = useCallback(
    async (item: Unsent) => {
      setUnsent((all) => [...all.filter(({ key }) => key !== item.key), { ...item, error: null }]);
      try {
        const { author, body } = item;
        const message = await lethe.client.message.create.mutate({ chat_id: chatId, author, body });
        applyEvent(lethe, { type: "message.created", message });
        drop(item.key);
      } catch (cause) {
        const error = toLetheError(cause);
        if (!isHere.current) {
          keepUnsent(reader, chatId, [item.body]);
          if (error.reason === "chat_not_found") forgetNotes(reader, [chatId]);
        }
        setUnsent((all) => all.map((other) => (other.key === item.key ? { ...other, error } : other)));
      }
    },
    [lethe, chatId, reader, drop, isHere],
  );

  const send = (author: string, body: string) =>
    void post({ key: performance.now(), author, body, after: newest, error: null });

  // The message can arrive over the WebSocket before the call returns.
  const waiting = unsent.filter(
    (item) =>
      item.error !== null ||
      !messages.some(
        ({ seq, author, body }) => seq > item.after && author === item.author && body === item.body,
      ),
  );
  return { waiting, send, retry: post, drop };
}

/** What could not be sent waits in the composer, behind what is there, when nobody looks at the chat any more. */
function keepUnsent(reader: string, chatId: string, bodies: readonly string[]): void {
  if (bodies.length === 0) return;
  const draft = drafts.get(reader, chatId) ?? "";
  drafts.set(reader, chatId, [draft, ...bodies].filter(Boolean).join("\n"));
}

/**
 * Calls `leave` when the component goes, or with true when the whole page does, which may come back as it was.
 *
 * @returns whether it is there
 */
function useLeaving(leave: (isPageLeft: boolean) => void): { readonly current: boolean } {
  const isHere = useRef(false);
  const latest = useRef(leave);
  useEffect(() => {
    latest.current = leave;
  });
  useEffect(() => {
    isHere.current = true;
    const leavePage = () => latest.current(true);
    window.addEventListener("pagehide", leavePage);
    return () => {
      isHere.current = false;
      window.removeEventListener("pagehide", leavePage);
      latest.current(false);
    };
  }, []);
  return isHere;
}
