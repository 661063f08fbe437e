"use client";

import type { ServerFrame } from "@lethe/api/schemas";
import { applyEvent, catchUpMessages, useLethe } from "@lethe/client/react";
import { useEffect, useState } from "react";
import { registerOwnConnection } from "./own-connections.ts";

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
  }, [lethe, chatId, isHeld]);
  return status;
}

export type LiveStatus = "connecting" | "live" | "reconnecting";

type ConnectLiveOptions = {
  chatId: string;
  onFrame: (frame: ServerFrame) => void;
  onStatus: (status: LiveStatus) => void;
  /** A connection was refused or lost; the chat may be gone. The next attempt follows by itself. */
  onLost: () => void;
};

const firstPause = 400;
const longestPause = 10_000;
/** How long a close may take before it counts as done; milliseconds. */
const closeLimit = 5_000;

/**
 * Keeps a WebSocket open on a chat until it is closed from here or the chat is deleted or trashed; a lost
 * one is opened again after pauses that grow from 0.4 to 10 seconds.
 */
function connectLive(options: ConnectLiveOptions): { close: () => void } {
  let pause = firstPause;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  let current: { close: () => Promise<void> } | undefined;

  async function open(): Promise<void> {
    // No page waits for the schemas before it shows the chat.
    const schemas = await import("@lethe/api/schemas").catch(() => undefined);
    if (ended) return;
    if (!schemas) return lost();
    const socket = new WebSocket(liveUrl(options.chatId));
    const happened = (what: "open" | "close") =>
      new Promise<void>((resolve) => socket.addEventListener(what, () => resolve()));
    const [opened, closed] = [happened("open"), happened("close")];
    const connection = {
      close: async () => {
        ended = true;
        const limit = new Promise((resolve) => setTimeout(resolve, closeLimit));
        // The server counts a connection from before it opens: given up by then, it would stand in a deletion's way.
        if (socket.readyState === WebSocket.CONNECTING) await Promise.race([opened, closed, limit]);
        socket.close(1000);
        await Promise.race([closed, limit]);
      },
    };
    const unregister = registerOwnConnection(options.chatId, connection);
    current = connection;
    socket.addEventListener("message", ({ data }) => {
      const frame = readFrame(schemas.serverFrameSchema, data);
      // Given up while it opened.
      if (!frame || (ended && frame.type === "ready")) return;
      if (frame.type === "ready") {
        pause = firstPause;
        options.onStatus("live");
      }
      options.onFrame(frame);
    });
    socket.addEventListener("close", ({ code }) => {
      unregister();
      if (ended || code === schemas.closeCodeChatDeleted || code === schemas.closeCodeChatTrashed) return;
      lost();
    });
  }

  function lost(): void {
    options.onStatus("reconnecting");
    options.onLost();
    timer = setTimeout(() => void open(), pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, longestPause);
  }

  function hurry(): void {
    if (timer === undefined || ended) return;
    clearTimeout(timer);
    timer = undefined;
    void open();
  }

  window.addEventListener("online", hurry);
  options.onStatus("connecting");
  void open();
  return {
    close: () => {
      ended = true;
      clearTimeout(timer);
      window.removeEventListener("online", hurry);
      void current?.close();
    },
  };
}

function liveUrl(chatId: string): URL {
  const url = new URL(`/api/v1/chats/${chatId}/live`, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

type FrameSchema = typeof import("@lethe/api/schemas").serverFrameSchema;

function readFrame(schema: FrameSchema, data: unknown): ServerFrame | undefined {
  if (typeof data !== "string") return undefined;
  try {
    return schema.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
