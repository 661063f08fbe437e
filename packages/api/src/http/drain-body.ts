import { LetheError } from "@lethe/core";

/** What is read of a refused body and thrown away, in bytes. */
const drainedSize = 16 * 1_024 * 1_024;

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
