import { WebSocket } from "ws";

/**
 * A WebSocket that answers its peer's closing handshake only after `beforeAnswer` is done. By then the
 * connection's row is gone, so a peer that has seen its socket close can delete the chat: it never meets
 * a conflict of its own making.
 *
 * `ws` calls `close` itself when a close frame has arrived or the peer broke the protocol. Our own side
 * closes with `dismiss`, which says goodbye at once and leaves the row to the peer's answer: as long as
 * the peer may take its socket for open, it counts.
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
  dismiss(code: number, reason: string): void {
    if (!this.#answering) super.close(code, reason);
  }
}
