import { LetheError } from "@lethe/core";

const longest = 255;
/** A string of RFC 9651, section 3.3.3: printable ASCII in double quotes, in which \ escapes \ and ". */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** What many clients send instead: the bare key. */
const bare = /^[\x21\x23-\x2b\x2d-\x7e]+$/;

/**
 * The key in an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header), quoted or bare, which
 * are the same key.
 *
 * @throws BAD_REQUEST for a header that is no such key
 */
export function readIdempotencyKey(header: string): string {
  const value = header.trim();
  const key = quoted.exec(value)?.[1]?.replaceAll(/\\(["\\])/g, "$1") ?? (bare.test(value) ? value : "");
  if (key.length >= 1 && key.length <= longest) return key;
  throw new LetheError(
    "BAD_REQUEST",
    "invalid_request",
    `Idempotency-Key must be one key of 1 to ${longest} printable ASCII characters, in double quotes or without; send a new UUID for every new request`,
  );
}
