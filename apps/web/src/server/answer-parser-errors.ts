import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { failureOfParser, refuseSocket } from "@lethe/api";
import type { Logger } from "pino";

/** With the bytes at which the parser stopped, if it was the parser. */
type ClientError = NodeJS.ErrnoException & { rawPacket?: Buffer };
type Exchange = { request: IncomingMessage; response: ServerResponse };

/**
 * Answers what Node's HTTP parser refuses, and clients that are too slow, with a problem document, wherever somebody
 * may still read one. It is logged as what it is: something that a client did.
 */
export function answerParserErrors(server: Server, log: Logger): void {
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
    log.debug({ request_id: requestId, error: error.code, reason: failure.reason }, "request refused");
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
