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

/** A body as it is sent, and the headers that say how. */
type Coded = { body: string | Uint8Array<ArrayBuffer>; headers: Record<string, string> };

/** A text that is sent as it is. */
export const asItIs = (body: string): Coded => ({ body, headers: {} });

/**
 * The text of an answer as it is sent: compressed where the caller takes that. Only what
 * is read is compressed: what answers a change may hold a secret beside words of the caller, who could learn from its
 * length (the BREACH attack). Not for what has an ETag: a strong one tells the bytes. A host that is not Node's own
 * entrance, such as Next, compresses by itself.
 */
export function encodeText(c: Context<ApiEnv>, text: string): Coded | Promise<Coded> {
  if (c.env.incoming === undefined || !reads.has(c.req.method) || text.length < shortest) return asItIs(text);
  const headers = { Vary: "Accept-Encoding" };
  return takesGzip.test(c.req.header("accept-encoding") ?? "")
    ? compress(text, headers)
    : { body: text, headers };
}

async function compress(text: string, headers: Record<string, string>): Promise<Coded> {
  const body = new Uint8Array(await gzipped(text, { level: constants.Z_BEST_SPEED }));
  return { body, headers: { ...headers, "Content-Encoding": "gzip" } };
}
