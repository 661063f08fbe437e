import { LetheError } from "@lethe/core";
import { bodyLimit } from "hono/body-limit";

/** Enough for the longest message with every character escaped. */
export const restBodySize = 256 * 1_024;

/** A thousand ids, however generously they are set out. */
export const bulkBodySize = 128 * 1_024;

/** A batch of calls comes in one body. */
export const trpcBodySize = 1_024 * 1_024;

/** What is read of a refused body and thrown away, in bytes. */
const drainedSize = 16 * 1_024 * 1_024;

/** Refuses a body of more than `maxSize` bytes: never more than that of it is held in memory. */
export const limitBody = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: async (c) => {
      await drain(c.req.raw.body);
      throw bodyTooLarge(maxSize);
    },
  });

/** The answer to a body of more than `maxSize` bytes. */
export function bodyTooLarge(maxSize: number): LetheError {
  const message = `The body is larger than ${maxSize} bytes; send less`;
  return new LetheError("PAYLOAD_TOO_LARGE", "payload_too_large", message);
}

/**
 * Most clients read no answer before they have sent everything, and the connection of one that has not
 * cannot be used again.
 */
export async function drain(body: ReadableStream<Uint8Array> | null): Promise<void> {
  if (!body || body.locked) return;
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > drainedSize) return;
  }
}
