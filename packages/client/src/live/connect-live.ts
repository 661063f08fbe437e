import type { ServerFrame } from "@lethe/api/schemas";
import { toLetheError } from "../lethe-error.ts";
import { type LetheClient, type Server, serverOf } from "../make-client.ts";
import { registerOwnConnection } from "./own-connections.ts";

/**
 * Whether messages are arriving: the first connection is being opened, is open, or a lost one is being opened again. `refused`: there
 * is no such chat, or the credentials are not for it; nothing is tried again.
 */
export type LiveStatus = "connecting" | "live" | "reconnecting" | "refused";

type ConnectLiveOptions = {
  chatId: string;
  onFrame: (frame: ServerFrame) => void;
  onStatus: (status: LiveStatus) => void;
  /** A connection was refused or lost; the chat may be gone. The next attempt follows by itself. */
  onLost: () => void;
};

const firstPause = 400;
const longestPause = 10_000;
/** Close codes after which there is nothing to connect to: the chat was deleted, or moved into the trash. */
const lastCodes = new Set([4410, 4411]);
/** Close code after which another token is needed. */
const codeTokenOver = 4401;
/** How long a close may take before it counts as done; milliseconds. */
const closeLimit = 5_000;

/**
 * Keeps a WebSocket open on a chat until it is closed from here, the chat is deleted or trashed, or it is refused; a lost
 * one is opened again after pauses that grow from 0.4 to 10 seconds.
 */
export function connectLive(client: LetheClient, options: ConnectLiveOptions): { close: () => void } {
  const server = requireServer(client);
  let pause = firstPause;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  let current: { close: () => Promise<void> } | undefined;
  async function open(): Promise<void> {
    const token = await server.signer?.token().catch(() => null);
    if (ended) return;
    if (token === null) return lost();
    const socket = new WebSocket(liveUrl(server.url, options.chatId), protocolsOf(token));
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
    let wasReady = false;
    const unregister = registerOwnConnection(options.chatId, connection);
    current = connection;
    socket.addEventListener("message", ({ data }) => {
      const frame = readFrame(data);
      // Given up while it opened.
      if (!frame || (ended && frame.type === "ready")) return;
      if (frame.type === "ready") {
        wasReady = true;
        pause = firstPause;
        options.onStatus("live");
      }
      options.onFrame(frame);
    });
    socket.addEventListener("close", ({ code }) => {
      unregister();
      // The handshake was refused, for all that a page can see, or the server closed because the token was over.
      if (token !== undefined && (!wasReady || code === codeTokenOver)) server.signer?.refuse(token);
      if (ended || lastCodes.has(code)) return;
      if (wasReady) lost();
      else void learnWhy();
    });
  }

  /** A page is not told why a handshake has failed. Of a call it is. */
  async function learnWhy(): Promise<void> {
    options.onStatus("reconnecting");
    const failure = await client.chat.byId
      .query({ chat_id: options.chatId })
      .then(() => undefined, toLetheError);
    if (ended) return;
    if (failure?.code !== "NOT_FOUND" && failure?.code !== "FORBIDDEN") return lost();
    options.onStatus("refused");
    options.onLost();
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

  globalThis.addEventListener?.("online", hurry);
  options.onStatus("connecting");
  void open();
  return {
    close: () => {
      ended = true;
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", hurry);
      void current?.close();
    },
  };
}

function requireServer(client: LetheClient): Server {
  const server = serverOf(client);
  if (server) return server;
  throw new TypeError("The client was not made by createLetheClient of this copy of @lethe/client.");
}

function liveUrl(server: string, chatId: string): URL {
  const url = new URL(`${server}/api/v1/chats/${chatId}/live`, globalThis.location?.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

/** A browser's WebSocket can set no header: a token is offered as a subprotocol, beside the one that is answered. */
const protocolsOf = (token: string | undefined) => (token ? ["lethe.v1", `lethe.token.${token}`] : []);

function readFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    return isFrame(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}

const types: ReadonlySet<unknown> = new Set<ServerFrame["type"]>([
  "ready",
  "message.created",
  "chat.updated",
  "chat.trashed",
  "chat.deleted",
  "error",
]);

/** What the server says it means, as in its answers. A frame of a type that is not known here is of a later version. */
const isFrame = (value: unknown): value is ServerFrame =>
  typeof value === "object" && value !== null && "type" in value && types.has(value.type);
