import type { Context } from "@lethe/core";
import type { Holder } from "../rate/bounds.ts";
import type { ServerFrame } from "../schemas/index.ts";
import { closeCodes, liveLimits } from "./live-limits.ts";
import type { LiveSocket } from "./live-socket.ts";

/** Who opened a socket, and by what right. */
export type LiveCaller = {
  readonly context: Context;
  /** Against whose bounds the socket counts. */
  readonly holder: Holder;
  readonly mayWrite: boolean;
  /** Names the key or session; the same for all sockets that it opened. */
  readonly credential: string;
  /** Rejects when the credential no longer holds. */
  readonly recheck: () => Promise<unknown>;
  /** Counts a frame. Rejects (rate_limited) for one too many. */
  readonly spend: () => Promise<void>;
};

/** A caller with an open socket on a chat. */
export type Peer = {
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
  dismissedAt: number | null;
};

/** Sends a frame. A peer that does not read is let go: it must not cost memory without bound. */
export function sendFrame(peer: Peer, frame: ServerFrame): void {
  sendText(peer, JSON.stringify(frame));
}

/** Sends a frame that is JSON already, so that many peers share the work of writing it. */
export function sendText(peer: Peer, text: string): void {
  if (peer.dismissedAt !== null) return;
  peer.socket.send(text);
  if (peer.socket.bufferedAmount > liveLimits.bufferedSize)
    dismiss(peer, closeCodes.tryAgainLater, "Too slow: reconnect and read what you missed");
}

/** Starts the closing handshake; the sweep ends it when the peer does not answer. */
export function dismiss(peer: Peer, code: number, reason: string): void {
  if (peer.dismissedAt !== null) return;
  peer.dismissedAt = performance.now();
  peer.socket.dismiss(code, reason);
}
