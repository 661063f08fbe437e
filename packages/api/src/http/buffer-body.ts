import type { Context } from "hono";
import { bodyTooLarge, drain } from "./drain-body.ts";

/**
 * Reads the body of a request whole, and leaves the request as if nobody had read it.
 *
 * @throws PAYLOAD_TOO_LARGE for more than `maxSize` bytes; never more than that is held in memory
 */
export async function bufferBody(c: Context, maxSize: number): Promise<Uint8Array<ArrayBuffer>> {
  const { body, headers } = c.req.raw;
  if (Number(headers.get("content-length") ?? 0) > maxSize) {
    await drain(body);
    throw bodyTooLarge(maxSize);
  }
  if (!body) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > maxSize) {
      reader.releaseLock();
      await drain(body);
      throw bodyTooLarge(maxSize);
    }
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(Buffer.concat(chunks));
  // Made of its parts, since the host's request need not be one that a Request can be made of.
  const { method, url, signal } = c.req.raw;
  c.req.raw = new Request(url, { method, headers, signal, body: bytes.length > 0 ? bytes : null });
  return bytes;
}
