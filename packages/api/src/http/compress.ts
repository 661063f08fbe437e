import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Context } from "hono";
import type { ApiEnv } from "./env.ts";

const gzipped = promisify(gzip);

/** Fits into one packet with its headers: compressed it would be there no sooner. Characters. */
const shortest = 1_200;

const reads = new Set(["GET", "HEAD"]);

/** `Accept-Encoding` names gzip, and not with a quality of zero (RFC 9110, section 12.5.3). */
const takesGzip = /(?:^|,)\s*gzip\s*(?:,|$|;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))/i;

/**
 * The text of an answer as it is sent, and the headers that say how: compressed where the caller takes that. Only what
 * is read is compressed: what answers a change may hold a secret beside words of the caller, who could learn from its
 * length (the BREACH attack). Not for what has an ETag: a strong one tells the bytes. A host that is not Node's own
 * entrance, such as Next, compresses by itself.
 */
export async function encodeText(
  c: Context<ApiEnv>,
  text: string,
): Promise<{ body: string | Uint8Array<ArrayBuffer>; headers: Record<string, string> }> {
  if (c.env.incoming === undefined || !reads.has(c.req.method) || text.length < shortest)
    return { body: text, headers: {} };
  const headers = { Vary: "Accept-Encoding" };
  if (!takesGzip.test(c.req.header("accept-encoding") ?? "")) return { body: text, headers };
  const body = new Uint8Array(await gzipped(text, { level: constants.Z_BEST_SPEED }));
  return { body, headers: { ...headers, "Content-Encoding": "gzip" } };
}
