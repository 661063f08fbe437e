import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import {
  corsHeaders,
  failureOfParser,
  type HttpFailure,
  httpFailures,
  malformedRequest,
  methodNotAllowed,
  nothingHere,
  refuseRequest,
  refuseSocket,
  requestIdFor,
} from "@lethe/api";
import type { Logger } from "pino";
import { readTarget } from "./read-target.ts";

export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => unknown;

type Handlers = {
  api: Listener;
  /** Null where only the API is served. */
  pages: { handle: Listener; upgrade: UpgradeListener | null; methods: string[] | null } | null;
  /** Answers false when the path is not a WebSocket of the API. */
  live: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Whose pages may read why they are refused. */
  allowedOrigins: ReadonlySet<string>;
  log: Logger;
};

/** How long a client may take to send what it has to say; milliseconds. */
const headersTimeout = 15_000;
const requestTimeout = 60_000;
/** Longer than the idle time of the usual proxies, so that it is they who close. */
const keepAliveTimeout = 75_000;

/** As much of a page's address as the log has; characters. */
const longestRoute = 200;
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** What some resource or other knows. */
const methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/**
 * One port for all: the API, its WebSockets, and the pages. What HTTP itself refuses is answered as the API would,
 * with a problem document and a request id. Does not listen yet.
 */
export function createHttpServer({ api, pages, live, allowedOrigins, log }: Handlers): Server {
  const server = createServer(
    {
      headersTimeout,
      requestTimeout,
      keepAliveTimeout,
      connectionsCheckingInterval: 5_000,
      // It is asked for all the same, and its absence is explained.
      requireHostHeader: false,
      // Others, such as curl's offer of HTTP/2, are declined by answering in HTTP/1.1 (RFC 9110, section 7.8).
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === "websocket",
    },
    (request, response) => {
      // Once no more connections are taken, each answer ends its own, and the next call goes elsewhere.
      if (!server.listening) response.shouldKeepAlive = false;
      const target = readTarget(request);
      if ("fault" in target) refuse(request, response, malformedRequest(target.fault));
      else if (target.to === "server") answerForAll(request, response);
      else if (target.to === "api" || pages === null) api(request, response);
      else servePage(pages, request, response);
    },
  );

  function servePage(
    { handle, methods }: NonNullable<Handlers["pages"]>,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    if (methods === null || methods.includes(request.method ?? "")) {
      notePage(request, response);
      handle(request, response);
    } else if (request.method === "OPTIONS") answerForAll(request, response, [...methods, "OPTIONS"]);
    else refuse(request, response, methodNotAllowed(request.method ?? "", [...methods, "OPTIONS"]));
  }

  /** One line for each page; for its files, which are many and the same for all, only where somebody wants to know all. */
  function notePage(request: IncomingMessage, response: ServerResponse) {
    const start = performance.now();
    const { method, url = "" } = request;
    const requestId = idOf(request);
    response.setHeader("X-Request-Id", requestId);
    const route = (url.split("?")[0] ?? "").replace(uuid, ":id").slice(0, longestRoute);
    const level = route.startsWith("/_next/") ? "debug" : "info";
    response.once("close", () => {
      const seconds = (performance.now() - start) / 1_000;
      log[level]({ request_id: requestId, method, route, status: response.statusCode, seconds }, "request");
    });
  }

  function refuse(request: IncomingMessage, response: ServerResponse, failure: HttpFailure) {
    const requestId = idOf(request);
    const { method = "", url: path = "", headers } = request;
    const header = (name: string) => headers[name]?.toString();
    refuseRequest(response, failure, requestId, corsHeaders(allowedOrigins, { method, path, header }));
    const { statusCode: status } = response;
    log.info({ request_id: requestId, method, status, reason: failure.reason }, "request");
  }

  server.on("checkExpectation", (request, response) => refuse(request, response, httpFailures.expectation));
  server.on("connect", (request, socket) => {
    socket.on("error", () => socket.destroy());
    refuseSocket(socket, methodNotAllowed("CONNECT", methods), idOf(request));
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const target = readTarget(request);
    if ("fault" in target) refuseSocket(socket, malformedRequest(target.fault), idOf(request));
    else if (hasBody(request)) refuseSocket(socket, malformedRequest(bodyOfHandshake), idOf(request));
    else if (live(request, socket, head)) return;
    else if (target.to === "pages" && pages?.upgrade) pages.upgrade(request, socket, head);
    else refuseSocket(socket, nothingHere, idOf(request));
  });
  answerParserErrors(server, log);
  return server;
}

const bodyOfHandshake =
  "The handshake of a WebSocket has no body: what follows it is frames, and a proxy would not see where they begin. Leave out Content-Length and Transfer-Encoding.";

/** Whether a request has a body, by its head (RFC 9112, section 6.3). */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  Number(headers["content-length"] ?? 0) !== 0 || headers["transfer-encoding"] !== undefined;

/** Tells what can be asked for (RFC 9110, section 9.3.7). */
function answerForAll(
  request: IncomingMessage,
  response: ServerResponse,
  allow: readonly string[] = methods,
): void {
  response
    .writeHead(204, { Allow: allow.join(", "), "X-Request-Id": idOf(request), "Cache-Control": "no-store" })
    .end();
}

const idOf = ({ headers }: IncomingMessage) => requestIdFor(headers["x-request-id"]?.toString());

/** With the bytes at which the parser stopped, if it was the parser. */
type ClientError = NodeJS.ErrnoException & { rawPacket?: Buffer };
type Exchange = { request: IncomingMessage; response: ServerResponse };

/**
 * Answers what Node's HTTP parser refuses, and clients that are too slow, with a problem document, wherever somebody
 * may still read one. It is logged as what it is: something that a client did.
 */
function answerParserErrors(server: Server, log: Logger): void {
  const latest = new WeakMap<Duplex, Exchange>();
  const refused = new WeakSet<Duplex>();
  server.prependListener("request", (request, response) => latest.set(request.socket, { request, response }));

  server.on("clientError", (error: ClientError, socket) => {
    // The parser may find more errors in what still comes.
    if (refused.has(socket)) return;
    refused.add(socket);
    if (!socket.writable) {
      log.debug({ error: error.code }, "connection broken off by the client");
      return void socket.destroy();
    }
    const requestId = randomUUID();
    const failure = failureOfParser(error);
    log.info({ request_id: requestId, error: error.code, reason: failure.reason }, "request refused");
    const exchange = latest.get(socket);
    const answer = () => refuseSocket(socket, failure, requestId, methodOf(error, exchange));
    if (!exchange || exchange.response.writableFinished) answer();
    // What comes after a whole request is no fault of that one: its answer goes first.
    else if (exchange.request.complete) exchange.response.once("close", answer);
    else if (exchange.response.headersSent) socket.destroy();
    else answer();
  });
}

/** Of the request that is refused, where it can be told: of a head that came bit by bit the beginning is not kept. */
function methodOf({ rawPacket }: ClientError, exchange: Exchange | undefined): string | undefined {
  if (exchange && !exchange.request.complete) return exchange.request.method;
  return rawPacket?.subarray(0, 20).toString("latin1").split(" ")[0];
}
