import { LetheError } from "@lethe/core";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { output as ZodOutput, ZodType } from "zod";
import { refusedBy } from "../errors/refused-input.ts";
import type { ApiEnv } from "./env.ts";
import { decodeJson } from "./json-text.ts";

/** Enough for the longest message with every character escaped. Bytes, as all sizes here. */
export const restBodySize = 256 * 1_024;

/** A thousand ids, however generously they are set out. */
export const bulkBodySize = 128 * 1_024;

/** A batch of calls comes in one body. */
export const trpcBodySize = 1_024 * 1_024;

/** What is read of a refused body and thrown away. */
const drainedSize = 16 * 1_024 * 1_024;

/** The body of a request, parsed. Throws BAD_REQUEST for what is no JSON, and what `readJsonText` throws. */
export async function readJson(c: Context<ApiEnv>, maxSize: number) {
  const text = await readJsonText(c, maxSize);
  try {
    return JSON.parse(text);
  } catch {
    throw new HTTPException(400);
  }
}

/** The body of a request as a schema has it. Throws RefusedInput with every fault, and what `readJson` throws. */
export async function readInput<Schema extends ZodType>(
  c: Context<ApiEnv>,
  schema: Schema,
  maxSize: number,
): Promise<ZodOutput<Schema>> {
  const input = schema.safeParse(await readJson(c, maxSize));
  if (!input.success) throw refusedBy(input.error);
  return input.data;
}

/**
 * The JSON text of a request's body, as `decodeJson` has it.
 *
 * @throws UNSUPPORTED_MEDIA_TYPE for what is no JSON in UTF-8, and what `readBody` and `decodeJson` throw
 */
export async function readJsonText(c: Context<ApiEnv>, maxSize: number): Promise<string> {
  const body = await readBody(c, maxSize);
  const contentType = c.req.header("content-type");
  if (body.length > 0 || contentType !== undefined) requireJson(contentType ?? "");
  return decodeJson(body, "body");
}

/**
 * The body of a request, whole; empty where there is none. It can be asked for more than once.
 *
 * @throws PAYLOAD_TOO_LARGE for more than `maxSize` bytes (never more than that is held in memory),
 *   UNSUPPORTED_MEDIA_TYPE for one in a content coding, BAD_REQUEST for one that breaks off
 */
export async function readBody(c: Context<ApiEnv>, maxSize: number): Promise<Uint8Array<ArrayBuffer>> {
  const body = c.get("body") ?? (await receiveBody(c, maxSize));
  if (body.length > maxSize) throw bodyTooLarge(maxSize);
  c.set("body", body);
  return body;
}

/** Told from the headers where there are some: to ask a request of Node for its body makes one. */
export function hasBody({ req, env }: Context<ApiEnv>): boolean {
  const length = req.header("content-length");
  if (length !== undefined || req.header("transfer-encoding") !== undefined) return length !== "0";
  return env.incoming === undefined && req.raw.body !== null;
}

async function receiveBody(c: Context<ApiEnv>, maxSize: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!hasBody(c)) return new Uint8Array(0);
  const length = c.req.header("content-length");
  requireIdentity(c.req.header("content-encoding"));
  try {
    // Only what does not say its length has to be counted.
    if (length === undefined) return await receiveCounted(c.req.raw.body, maxSize);
    if (Number(length) <= maxSize) return new Uint8Array(await c.req.raw.arrayBuffer());
    await drain(c.req.raw.body);
  } catch (error) {
    throw error instanceof LetheError ? error : brokenOff();
  }
  throw bodyTooLarge(maxSize);
}

async function receiveCounted(
  body: ReadableStream<Uint8Array> | null,
  maxSize: number,
): Promise<Uint8Array<ArrayBuffer>> {
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
  return new Uint8Array(Buffer.concat(chunks));
}

/**
 * Most clients read no answer before they have sent everything, and the connection of one that has not
 * cannot be used again.
 */
async function drain(body: ReadableStream<Uint8Array> | null): Promise<void> {
  if (!body || body.locked) return;
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > drainedSize) return;
  }
}

const mediaType = /^application\/json[ \t]*(?=;|$)/i;
/** One parameter of a media type, or none between two semicolons (RFC 9110, sections 5.6.2, 5.6.4 and 5.6.6). */
const parameter = /;[ \t]*(?:([\w!#$%&'*+.^`|~-]+)=(?:([\w!#$%&'*+.^`|~-]+)|"((?:[^"\\]|\\.)*)"))?[ \t]*/y;

/**
 * JSON between programs is UTF-8 (RFC 8259, section 8.1), whatever a charset says. One that says otherwise is believed.
 * Other parameters mean nothing. Of two with one name, libraries take the first or the last; here both are refused.
 */
function requireJson(contentType: string): void {
  const [type] = mediaType.exec(contentType) ?? [];
  if (type === undefined)
    throw unsupported("Send the body as JSON, with the header Content-Type: application/json.");
  const seen = new Set<string>();
  parameter.lastIndex = type.length;
  while (parameter.lastIndex < contentType.length) {
    const match = parameter.exec(contentType);
    if (!match) throw unsupported("The Content-Type is not well-formed; send application/json.");
    const [, name, token, quoted] = match;
    if (name !== undefined) seen.add(checkParameter(name.toLowerCase(), token ?? unquoted(quoted), seen));
  }
}

function checkParameter(name: string, value: string, seen: ReadonlySet<string>): string {
  if (seen.has(name)) throw unsupported(`The Content-Type has ${name} more than once; send it once.`);
  const isUtf8 = name === "charset" && /^utf-?8$/i.test(value);
  if (name.startsWith("charset") && !isUtf8)
    throw unsupported(`The ${name} ${JSON.stringify(value)} is not read here; send the body in UTF-8.`);
  return name;
}

const unquoted = (text = "") => text.replaceAll(/\\(.)/g, "$1");

function requireIdentity(contentEncoding: string | undefined): void {
  const coding = contentEncoding?.trim() ?? "";
  if (coding === "" || coding.toLowerCase() === "identity") return;
  const message = `The content coding ${JSON.stringify(coding)} is not read here; send the body without Content-Encoding.`;
  throw unsupported(message);
}

const unsupported = (message: string) =>
  new LetheError("UNSUPPORTED_MEDIA_TYPE", "unsupported_media_type", message);

const brokenOff = () =>
  new LetheError(
    "BAD_REQUEST",
    "invalid_request",
    "The body broke off before its end; send the request again.",
  );

const bodyTooLarge = (maxSize: number) =>
  new LetheError(
    "PAYLOAD_TOO_LARGE",
    "payload_too_large",
    `The body is larger than ${maxSize} bytes; send less`,
  );
