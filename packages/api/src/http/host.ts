/**
 * What a host may know of the connection that a request came by. Node's entrances pass it on (these are
 * parts of the bindings of `@hono/node-server`), Next's does not.
 */
export type Host = {
  incoming?: {
    httpVersion: string;
    /** `encrypted` where TLS ends in this very server. */
    socket?: { remoteAddress?: string | undefined; encrypted?: boolean | undefined };
  };
  outgoing?: {
    addTrailers: (headers: Record<string, string>) => void;
    socket: { resetAndDestroy: () => unknown } | null;
    closed: boolean;
    once: (event: "close", listener: () => void) => unknown;
  };
};

const ends = new WeakMap<object, AbortController>();

/**
 * Calls `then` when a request has been answered or its connection is lost, where the host tells. One listener serves
 * all the calls of a batch.
 */
export function whenAnswered({ outgoing }: Host, then: () => void): void {
  if (outgoing === undefined) return;
  const end = ends.get(outgoing) ?? new AbortController();
  if (!ends.has(outgoing)) outgoing.once("close", () => end.abort());
  ends.set(outgoing, end);
  if (outgoing.closed) then();
  else end.signal.addEventListener("abort", then, { once: true });
}

/**
 * Cuts the connection, so that nobody takes what was sent for all of it. A reset and no mere close, because
 * with HTTP/1.0, which many proxies speak to what is behind them, a close says that all was sent.
 */
export function cutConnection({ outgoing }: Host): boolean {
  return outgoing?.socket?.resetAndDestroy() !== undefined;
}
