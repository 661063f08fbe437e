import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { isApiRequest } from "./is-api-request.ts";

export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => unknown;

type Handlers = {
  api: Listener;
  /** Null where only the API is served. */
  pages: { handle: Listener; upgrade: UpgradeListener | null } | null;
  /** Answers false when the path is not a WebSocket of the API. */
  live: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Whether the process is about to stop: then each answer ends its connection, and the next goes elsewhere. */
  leaving: () => boolean;
};

/** How long a client may take to send what it has to say; milliseconds. */
const headersTimeout = 15_000;
const requestTimeout = 60_000;
/** Longer than the idle time of the usual proxies, so that it is they who close. */
const keepAliveTimeout = 75_000;

/** One port for all: the API, its WebSockets, and the pages. Does not listen yet. */
export function createHttpServer({ api, pages, live, leaving }: Handlers): Server {
  const server = createServer(
    {
      headersTimeout,
      requestTimeout,
      keepAliveTimeout,
      connectionsCheckingInterval: 5_000,
      // Others, such as curl's offer of HTTP/2, are declined by answering in HTTP/1.1 (RFC 9110, section 7.8).
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === "websocket",
    },
    (request, response) => {
      if (leaving()) response.shouldKeepAlive = false;
      if (isApiRequest(request.url) || pages === null) api(request, response);
      else if (isTarget(request.url)) pages.handle(request, response);
      else response.writeHead(400, { Connection: "close" }).end();
    },
  );
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (live(request, socket, head)) return;
    if (pages?.upgrade) pages.upgrade(request, socket, head);
    else {
      socket.once("finish", () => socket.destroy());
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }
  });
  return server;
}

/** Next takes it for granted that a target can be read. */
function isTarget(target: string | undefined): boolean {
  return target !== undefined && URL.canParse(target, "http://localhost");
}
