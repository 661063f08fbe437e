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
  };
};

/**
 * Cuts the connection, so that nobody takes what was sent for all of it. A reset and no mere close, because
 * with HTTP/1.0, which many proxies speak to what is behind them, a close says that all was sent.
 */
export function cutConnection({ outgoing }: Host): boolean {
  return outgoing?.socket?.resetAndDestroy() !== undefined;
}
