import type { Duplex } from "node:stream";
import type { Context } from "@lethe/core";
import { WebSocket } from "ws";
import type { Holder } from "../rate/bounds.ts";
import type { ServerFrame } from "../schemas/index.ts";
import { closeCodes, liveLimits } from "./live-limits.ts";

/** Who opened a socket, and by what right. */
export type LiveCaller = {
  readonly context: Context;
  /** Against whose bounds the socket counts. */
  readonly holder: Holder;
  readonly mayWrite: boolean;
  /** Throws FORBIDDEN (outside_token) for a chat that the token is not for. */
  readonly requireChat: (chatId: string) => void;
  /** Names the key or session; the same for all sockets that it opened. */
  readonly credential: string;
  /** Rejects when the credential no longer holds. */
  readonly recheck: () => Promise<unknown>;
  /** Counts a frame. Rejects (rate_limited) for one too many. */
  readonly consume: () => Promise<void>;
};

/** A caller with an open socket on a chat. */
export type Connection = {
  readonly connectionId: string;
  readonly chatId: string;
  readonly caller: LiveCaller;
  readonly socket: LiveSocket;
  /** Whether it was heard since the last ping. */
  alive: boolean;
  /** Frames in a row that were over the rate limit. */
  refused: number;
  /** Pings that are being counted. */
  controls: number;
  /** By the monotonic clock, when we said goodbye; null while the socket is wanted. */
  closingSince: number | null;
};

/** Sends a frame. A peer that does not read is let go: it must not cost memory without bound. */
export function sendFrame(connection: Connection, frame: ServerFrame): void {
  sendText(connection, JSON.stringify(frame));
}

/** Sends a frame that is JSON already, so that many peers share the work of writing it. */
export function sendText(connection: Connection, text: string): void {
  if (connection.closingSince !== null) return;
  connection.socket.send(text);
  if (connection.socket.bufferedAmount > liveLimits.bufferedSize)
    closeConnection(connection, closeCodes.tryAgainLater, "Too slow: reconnect and read what you missed");
}

/** Starts the closing handshake; the sweep ends it when the peer does not answer. */
export function closeConnection(connection: Connection, code: number, reason: string): void {
  if (connection.closingSince !== null) return;
  connection.closingSince = performance.now();
  connection.socket.startClose(code, reason);
}

/**
 * A WebSocket that answers its peer's closing handshake only after `beforeAnswer` is done. By then the
 * connection's row is gone, so a peer that has seen its socket close can delete the chat: it never meets
 * a conflict of its own making.
 *
 * `ws` calls `close` itself when a close frame has arrived or the peer broke the protocol. Our own side
 * closes with `startClose`, which says goodbye at once and leaves the row to the peer's answer: as long as
 * the peer may take its socket for open, it counts. That answer needs no other, and what tells the peer of the
 * end is the end of the TCP connection (RFC 6455, 7.1.1): see `endAfter`.
 */
export class LiveSocket extends WebSocket {
  beforeAnswer: (() => Promise<void>) | null = null;
  #answering = false;

  override close(code?: number, reason?: string | Buffer): void {
    if (this.#answering) return;
    this.#answering = true;
    const answer = () => super.close(code, reason);
    if (this.beforeAnswer) this.beforeAnswer().then(answer, answer);
    else answer();
  }

  /** Starts the closing handshake from this side. */
  startClose(code: number, reason: string): void {
    if (!this.#answering) super.close(code, reason);
  }
}

/**
 * Has our side of a TCP connection end only after `done`, whatever came of that. `ws` would end it as soon as the peer has
 * ended its own, which many do together with their answer to a goodbye.
 */
export function endAfter(raw: Duplex, done: () => Promise<void>): void {
  const end: () => unknown = raw.end;
  const now = () => end.call(raw);
  raw.end = () => {
    done().then(now, now);
    return raw;
  };
}
