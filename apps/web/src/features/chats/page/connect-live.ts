import {
  closeCodeChatDeleted,
  closeCodeChatTrashed,
  type ServerFrame,
  serverFrameSchema,
} from "@lethe/api/schemas";
import { enterOwnConnection } from "./own-connections.ts";

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
/** How long a close may take before it counts as done. */
const closeLimit = 2_000;

/**
 * Keeps a WebSocket open on a chat until it is closed from here or the chat is deleted or trashed; a lost
 * one is opened again after pauses that grow from 0.4 to 10 seconds.
 */
export function connectLive(options: ConnectLiveOptions): { close: () => void } {
  let pause = firstPause;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  let current: { close: () => Promise<void> } | undefined;

  function open(): void {
    const socket = new WebSocket(liveUrl(options.chatId));
    const closed = new Promise<void>((resolve) => socket.addEventListener("close", () => resolve()));
    const connection = {
      close: async () => {
        ended = true;
        socket.close(1000);
        await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, closeLimit))]);
      },
    };
    const leave = enterOwnConnection(options.chatId, connection);
    current = connection;
    socket.addEventListener("message", ({ data }) => {
      const frame = readFrame(data);
      if (!frame) return;
      if (frame.type === "ready") {
        pause = firstPause;
        options.onStatus("live");
      }
      options.onFrame(frame);
    });
    socket.addEventListener("close", ({ code }) => {
      leave();
      if (ended || code === closeCodeChatDeleted || code === closeCodeChatTrashed) return;
      options.onStatus("reconnecting");
      options.onLost();
      timer = setTimeout(open, pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 2, longestPause);
    });
  }

  function hurry(): void {
    if (timer === undefined || ended || current === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    open();
  }

  window.addEventListener("online", hurry);
  options.onStatus("connecting");
  open();
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

function readFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== "string") return undefined;
  try {
    return serverFrameSchema.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
