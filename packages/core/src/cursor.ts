import { createHash } from "node:crypto";
import { z } from "zod";
import { LetheError } from "./errors.ts";

/** The place where a page ended, as the opaque text that callers hand back (base64url of JSON, RFC 4648). */
export function encodeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** The place in a caller's cursor. Throws BAD_REQUEST (invalid_request) if this list did not make it. */
export function decodeCursor<Place>(cursor: string, place: z.ZodType<Place>): Place {
  const parsed = json.pipe(place).safeParse(cursor);
  if (parsed.success) return parsed.data;
  throw new LetheError(
    "BAD_REQUEST",
    "invalid_request",
    "cursor is not one of this list: send next_cursor of the page before unchanged, or leave it out",
  );
}

/**
 * What was asked for, put short enough to stand in a cursor and long enough to tell one list from another by. A cursor must
 * not hold the text itself, which may be longer than a cursor is.
 */
export const digestOf = (asked: string): string =>
  createHash("sha256").update(asked).digest("base64url").slice(0, 16);

const json = z
  .string()
  .regex(/^[\w-]+$/)
  .transform((text, check) => {
    try {
      const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
      return value;
    } catch {
      check.addIssue("not JSON");
      return z.NEVER;
    }
  });
