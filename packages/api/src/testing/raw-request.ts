import { request } from "node:http";
import { text } from "node:stream/consumers";

export type RawAnswer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

/** Sends a request as it is: no URL is tidied, no header is added but Host, Connection and the length. */
export function rawRequest(
  baseUrl: string,
  {
    method,
    path,
    headers,
    body,
  }: { method: string; path: string; headers?: Record<string, string>; body?: string | Uint8Array },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(15_000);
    const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
    const head = { method, path, headers: { ...headers, ...length } };
    const outgoing = request({ hostname, port, ...head, signal, agent: false }, (incoming) => {
      text(incoming).then(
        (received) =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: received }),
        reject,
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
