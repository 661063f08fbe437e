import type { Context, MiddlewareHandler } from "hono";
import { z } from "zod";
import { RefusedInput } from "../errors/refused-input.ts";
import { type FieldFault, shownName, unknownName } from "../schemas/index.ts";
import type { ApiEnv } from "./env.ts";
import { hasBody, readBody, restBodySize } from "./read-body.ts";

/**
 * Makes sure that an input is of `strictInput`s only, at every depth. For the moment at which a route or
 * procedure is made: one that would drop a name in silence never gets as far as a request.
 *
 * @throws TypeError that says where a name could get lost
 */
export function requireStrict(schema: z.ZodType, where: string): void {
  const loose = looseIn(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  if (loose !== undefined) throw new TypeError(`${where} takes names that it does not know: ${loose}`);
}

const described = z.record(z.string(), z.unknown());

/** The first object of a JSON schema that takes other names than its own, if there is one. */
function looseIn(node: unknown): string | undefined {
  if (Array.isArray(node)) return node.map(looseIn).find((found) => found !== undefined);
  const object = described.safeParse(node).data;
  if (object === undefined) return undefined;
  if (object.type === "object" && object.additionalProperties !== false) return JSON.stringify(object);
  return looseIn(Object.values(object));
}

/**
 * Refuses a query string that is not percent-encoded UTF-8, one with a name that is none of `known`, and one in which a
 * name comes twice.
 */
export function strictQuery(known: readonly string[]): MiddlewareHandler<ApiEnv> {
  return (c, next) => {
    checkQuery(c.req.url, known);
    return next();
  };
}

/** Throws RefusedInput (BAD_REQUEST) for what `strictQuery` refuses in the query string of `url`. */
export function checkQuery(url: string, known: readonly string[]): void {
  const start = url.indexOf("?");
  if (start < 0) return;
  const odd = url.includes("%", start) ? undecodable(url.slice(start + 1)) : [];
  if (odd.length > 0) throw new RefusedInput(odd);
  const { searchParams } = new URL(url);
  const faults = [...new Set(searchParams.keys())].flatMap((name): FieldFault[] => {
    const field = shownName(name);
    if (!known.includes(name)) return [{ field, message: unknownName(name, known) }];
    if (searchParams.getAll(name).length === 1) return [];
    return [{ field, message: `${field} is there more than once; send it once` }];
  });
  if (faults.length > 0) throw new RefusedInput(faults);
}

/**
 * The parameters that are not percent-encoded UTF-8 (RFC 3986, section 2.1). Readers of query strings put U+FFFD in
 * the place of what they cannot decode, or take it as it stands.
 */
function undecodable(query: string): FieldFault[] {
  return query.split("&").flatMap((parameter) => {
    if (decode(parameter) !== null) return [];
    const [written = ""] = parameter.split("=", 1);
    const field = shownName(decode(written) ?? written);
    const advice = "write é as %C3%A9, and a percent sign as %25";
    return [{ field, message: `${field} is not percent-encoded UTF-8; ${advice}` }];
  });
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Refuses the body of a call that reads none, an empty object as well: what was sent has been meant to say something. */
export async function refuseBody(c: Context<ApiEnv>): Promise<void> {
  if (!hasBody(c)) return;
  const faults = await faultsOfBody(c);
  if (faults.length > 0) throw new RefusedInput(faults);
}

/** The same before a handler. */
export const withoutBody: MiddlewareHandler<ApiEnv> = async (c, next) => {
  await refuseBody(c);
  await next();
};

async function faultsOfBody(c: Context<ApiEnv>): Promise<FieldFault[]> {
  const any: FieldFault[] = [{ field: "body", message: "This call reads no body; send none" }];
  // A GET has a body that no Request can show.
  if (c.req.method === "GET" || c.req.method === "HEAD") return any;
  const bytes = await readBody(c, restBodySize);
  if (bytes.length === 0) return [];
  const faults = namesIn(new TextDecoder().decode(bytes)).map((name) => {
    const field = shownName(name);
    return { field, message: `${field} is not known here; this call reads no body` };
  });
  return faults.length > 0 ? faults : any;
}

/** The names of the object that a JSON text is; none for any other text. */
export function namesIn(json: string): string[] {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  } catch {
    return [];
  }
}
