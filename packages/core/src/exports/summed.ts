import { createHash } from "node:crypto";

/** A file that was handed over completely. `checksum` is the SHA-256 of its bytes, in hexadecimal. */
export type SentFile = { checksum: string; bytes: number };

/** Passes the chunks of a file on, text in UTF-8 or bytes, and answers at the end what all of them come to. */
export async function* summed<Chunk extends string | Uint8Array>(
  chunks: AsyncIterable<Chunk>,
): AsyncGenerator<Chunk, SentFile, undefined> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += Buffer.byteLength(chunk);
    yield chunk;
  }
  return { checksum: hash.digest("hex"), bytes };
}
