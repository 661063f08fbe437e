import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Failure, HttpFailureCode } from "../errors/failure.ts";
import { failureHeaders, toProblem } from "../errors/problem.ts";

/** How long a refused peer may take to read why; milliseconds. */
const timeoutMs = 2_000;

export type HttpFailure = Failure<HttpFailureCode>;

/** What HTTP itself refuses before there is a request to anything (RFC 9110, RFC 9112, RFC 6585). */
export const httpFailures = {
  malformed: {
    code: "BAD_REQUEST",
    reason: "invalid_request",
    message:
      "This is no request of HTTP/1.1. Check the request line, the headers and the framing of the body.",
    details: {},
  },
  tooSlow: {
    code: "REQUEST_TIMEOUT",
    reason: "request_timeout",
    message: "The request did not arrive in time. Send it again, in one go.",
    details: {},
  },
  headersTooLarge: {
    code: "HEADERS_TOO_LARGE",
    reason: "headers_too_large",
    message:
      "The request line and headers are larger than 16 KiB together; send less, such as fewer cookies.",
    details: {},
  },
  chunksTooLarge: {
    code: "PAYLOAD_TOO_LARGE",
    reason: "payload_too_large",
    message: "The extensions of the chunks are too large; send chunks without extensions.",
    details: {},
  },
  expectation: {
    code: "EXPECTATION_FAILED",
    reason: "expectation_failed",
    message: "No expectation but 100-continue can be met; send the request without this Expect header.",
    details: {},
  },
} as const satisfies Record<string, HttpFailure>;

/** A request line or a Host that cannot be understood. */
export const malformedRequest = (message: string): HttpFailure => ({ ...httpFailures.malformed, message });

const byParserError: Record<string, HttpFailure> = {
  ERR_HTTP_REQUEST_TIMEOUT: httpFailures.tooSlow,
  HPE_HEADER_OVERFLOW: httpFailures.headersTooLarge,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: httpFailures.chunksTooLarge,
};

/** The failure behind an error of Node's HTTP parser, as `clientError` hands it over. */
export const failureOfParser = (error: NodeJS.ErrnoException): HttpFailure =>
  byParserError[error.code ?? ""] ?? httpFailures.malformed;

/**
 * Answers a request with a problem document (RFC 9457) beside the API.
 *
 * @param more headers that the request asks for besides, such as those of `corsHeaders`
 */
export function refuseRequest(
  response: ServerResponse,
  failure: HttpFailure,
  requestId: string,
  more: Record<string, string> = {},
): void {
  const { status, headers, body } = answerOf(failure, requestId);
  response.writeHead(status, { ...headers, ...more }).end(body);
}

/**
 * The same on a bare socket, as an upgrade or an error of the parser leaves it; and ends it.
 *
 * @param method of the request, as far as it is known: HEAD is answered without a body (RFC 9110, section 9.3.2)
 */
export function refuseSocket(socket: Duplex, failure: HttpFailure, requestId: string, method?: string): void {
  if (socket.destroyed || !socket.writable) return void socket.destroy();
  const { status, headers, body } = answerOf(failure, requestId);
  const lines = Object.entries({ ...headers, Connection: "close" }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.once("finish", () => socket.destroy());
  setTimeout(() => socket.destroy(), timeoutMs).unref();
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("\r\n")}\r\n\r\n${method === "HEAD" ? "" : body}`,
  );
}

function answerOf(failure: HttpFailure, requestId: string) {
  const problem = toProblem(failure, requestId);
  const body = JSON.stringify(problem);
  const headers = {
    "Content-Type": "application/problem+json",
    "Content-Length": Buffer.byteLength(body),
    "X-Request-Id": requestId,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    ...failureHeaders(failure),
  };
  return { status: problem.status, headers, body };
}
