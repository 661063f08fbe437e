import { Agent, type OutgoingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";

export type RawAnswer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

/** A request as it goes over the wire. */
export type RawRequest = {
  method: string;
  path: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Uint8Array | null;
  /** A truncated body is shorter than it says, and then the client has nothing more to say. */
  framing?: "length" | "chunked" | "truncated";
};

const timeoutMs = 15_000;
const agent = new Agent({ keepAlive: true });

/**
 * Sends a request as it is: no URL is tidied, no header is added but Host, Connection and what frames the body.
 *
 * @param options `reuse` connections, so that an answer that leaves one in disorder is found out
 */
export function rawRequest(
  baseUrl: string,
  { method, path, headers, body, framing = "length" }: RawRequest,
  { reuse = false } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const outgoing = request(
    {
      ...{ hostname, port, method, path, signal: AbortSignal.timeout(timeoutMs) },
      headers: { ...headers, ...framingOf(body, framing) },
      agent: reuse && framing !== "truncated" ? agent : false,
    },
    (incoming) => {
      text(incoming).then(
        (received) =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: received }),
        reject,
      );
    },
  );
  outgoing.on("error", reject);
  if (framing === "truncated") {
    outgoing.end(body ?? "", () => outgoing.socket?.end());
  } else outgoing.end(body ?? undefined);
  return promise;
}

function framingOf(body: RawRequest["body"], framing: RawRequest["framing"]): OutgoingHttpHeaders {
  if (framing === "chunked") return { "Transfer-Encoding": "chunked" };
  const length = Buffer.byteLength(body ?? "");
  if (framing === "truncated") return { "Content-Length": length + 10 };
  return body === undefined || body === null ? {} : { "Content-Length": length };
}
