import { limits } from "@lethe/core/limits";
import { instantRule, parseInstant, textFault } from "@lethe/text";
import { z } from "zod";
import { onlyTrpc } from "./strict-input.ts";

/**
 * A text of the API: a string of `min` to `max` Unicode code points that a database can keep exactly.
 *
 * @param field the name that error messages give it
 * @param bounds `trim` takes white space off both ends before anything is counted; such a text is a name, which people
 *   have to be able to see: see `textFault`
 */
export function text(field: string, bounds: { min: 0 | 1; max: number; trim: boolean }) {
  const string = z.string({
    error: (issue) => (issue.input === undefined ? `${field} is required` : `${field} must be a string`),
  });
  return (bounds.trim ? string.trim() : string)
    .min(bounds.min, `${field} must not be empty`)
    .max(bounds.max, `${field} must be at most ${bounds.max} characters long`)
    .superRefine((value, context) => {
      const fault = textFault(value, bounds.trim ? "name" : "prose");
      if (fault) context.addIssue({ code: "custom", message: `${field} ${fault}` });
    });
}

/** What a field of an input says in its JSON schema, and in the OpenAPI document, that takes a scope of its own. */
export const scopeMember = "x-required-scope";

/**
 * A text that is looked for in what people have written: by default in titles. That something is found tells as much as to
 * read it, so it takes the scope `chats:read` besides that of any operation.
 */
export const searchText = (min: 0 | 1, what = "Part of the title.") =>
  text("q", { min, max: limits.searchLength, trim: true }).meta({
    [scopeMember]: "chats:read",
    description: `${what} Takes the scope \`chats:read\`, whatever else the call takes.`,
  });

/** The largest number of which a column of ours can hold any. */
const largest = 2 ** 31 - 1;

/**
 * A whole number from `min` to `max`, both of which a refusal tells.
 *
 * @param field the name that it gives it
 * @param meaning what it says besides, with the sign that leads to it
 */
export function wholeNumber(
  field: string,
  { min, max = largest }: { min: number; max?: number },
  meaning = "",
) {
  const rule = `${field} must be a whole number from ${min} to ${max}${meaning}`;
  return z.int(rule).min(min, rule).max(max, rule);
}

/** A moment that callers name, in RFC 3339: see `parseInstant`. */
export const instant = (field: string) =>
  z
    .string(`${field} ${instantRule}`)
    .transform((value, context) => {
      const parsed = parseInstant(value);
      if (parsed) return parsed;
      context.addIssue(`${field} ${instantRule}`);
      return z.NEVER;
    })
    .meta({ format: "date-time", example: "2026-01-15T10:45:00Z" });

/** A moment on the wire: RFC 3339 in UTC. */
export const timeSchema = z.iso.datetime().meta({ example: "2026-01-15T10:45:00.000Z" });

const exampleId = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";

/**
 * The id of a chat: 8-4-4-4-12 hexadecimal digits of any UUID version. Upper case is read as lower case
 * (RFC 9562, section 4).
 *
 * @param field the name that error messages give it
 */
export const chatId = (field: string) =>
  z
    .guid(`${field} must be a UUID: 8-4-4-4-12 hexadecimal digits, such as ${exampleId}`)
    .toLowerCase()
    .meta({ example: exampleId });

export const chatIdSchema = chatId("chat_id");

/** Who did something: a person, an API key, a browser with one, an operator's command or a duty of the system. */
export const credentialSchema = z
  .object({ kind: z.string(), id: z.string(), name: z.string().nullable() })
  .meta({
    description:
      "Who did it: the kind of credential, its id, and what it was called then: a person by name and address, a key by " +
      "name and prefix. Null: it has no name, or none was written down.",
  });

/** A signed receipt: a compact JWS (RFC 7515). */
export const receiptTextSchema = z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/);

/** A SHA-256 (FIPS 180-4) in hexadecimal, as `sha256sum` prints it. */
export const checksumSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: "SHA-256 in hexadecimal." });

/** How many items a page holds when the caller does not say. */
export const defaultPageSize = 50;

const limitSchema = wholeNumber("limit", { min: 1, max: limits.pageSize });

/** Where a page begins: `next_cursor` of the page before, unchanged. Its inside is nobody's business. */
export const cursorSchema = text("cursor", { min: 1, max: limits.cursorLength, trim: false });

/** How a page is asked for. */
export const pageInput = {
  limit: limitSchema.default(defaultPageSize),
  cursor: cursorSchema.nullish(),
  // TanStack Query's infinite queries say which way they go.
  direction: onlyTrpc(
    z.literal("forward", "direction must be forward: a page leads to the next one only").optional(),
  ),
};

/** A page of `item`. `next_cursor` is null on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}
