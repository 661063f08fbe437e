"use client";

import type { Message } from "@lethe/api/schemas";
import { type LetheClientError, toLetheError } from "@lethe/client";
import { applyEvent, useLethe } from "@lethe/client/react";
import { useCallback, useState } from "react";

/** A message that is on its way, or did not get there. */
export type Unsent = {
  key: number;
  author: string;
  body: string;
  /** The newest message when this one was written. */
  after: number;
  error: LetheClientError | null;
};

/** Sends messages and shows them at once; one that fails stays, with its text, until it is sent or dropped. */
export function useOutbox(chatId: string, messages: Message[], total: number) {
  const lethe = useLethe();
  const [unsent, setUnsent] = useState<Unsent[]>([]);
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
        setUnsent((all) => all.map((other) => (other.key === item.key ? { ...other, error } : other)));
      }
    },
    [lethe, chatId, drop],
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
