import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Failure } from "../errors/failure.ts";
import { failureHeaders, toProblem } from "../errors/problem.ts";

/** How long a refused peer may take to read why; milliseconds. */
const patience = 2_000;

/** Answers an upgrade request with a problem document (RFC 9457) over plain HTTP, and closes. */
export function refuseUpgrade(socket: Duplex, failure: Failure, requestId: string): void {
  if (socket.destroyed || !socket.writable) return void socket.destroy();
  const problem = toProblem(failure, requestId);
  const body = JSON.stringify(problem);
  const headers = {
    "Content-Type": "application/problem+json",
    "Content-Length": Buffer.byteLength(body),
    "X-Request-Id": requestId,
    "Cache-Control": "no-store",
    Connection: "close",
    ...failureHeaders(failure),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.once("finish", () => socket.destroy());
  setTimeout(() => socket.destroy(), patience).unref();
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`,
  );
}
