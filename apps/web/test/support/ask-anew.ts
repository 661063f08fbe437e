import { get } from "node:http";
import { text } from "node:stream/consumers";

/** A GET over a connection of its own, so that the next web process in turn answers it. */
export function askAnew(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  get(url, { headers, agent: false, timeout: 120_000 }, (answer) => {
    text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
  }).on("error", reject);
  return promise;
}
