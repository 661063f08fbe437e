import type { RouteConfig } from "@hono/zod-openapi";
import type { Scope } from "@lethe/core";
import type { Context } from "hono";
import { z } from "zod";
import type { FailureCode } from "../errors/failure.ts";
import { answerJson } from "../http/answer-json.ts";
import type { ApiEnv } from "../http/env.ts";
import { etagOf } from "../http/etag.ts";
import { restBodySize } from "../http/read-body.ts";
import { type Call, type FieldScope, fieldScopesOf } from "../operations/admit.ts";
import { type OperationInput as Input, type Places, placesOf } from "./places.ts";
import type { Tag } from "./tags.ts";

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** Where REST has an operation, and what the OpenAPI document says of that. */
export type RestBinding<On extends Method> = {
  method: On;
  /** Below `/api/v1`. A name in `{braces}` is one of the input; the other names come in the query (GET, DELETE) or in the body. */
  path: `/${string}`;
  operationId: string;
  tag: Tag;
  /** The longest body, in bytes. */
  bodySize?: number;
  /** It only reads, though its input takes a body: there is nothing that an `Idempotency-Key` could keep from being done twice. */
  reads?: true;
  /** What it can fail with besides what everything can fail with. */
  problems?: Partial<Record<FailureCode, string>>;
};

/** The same for an operation that answers JSON. */
export type JsonRest<On extends Method, In extends Input, Out extends z.ZodType> = RestBinding<On> & {
  /** What the answer is, in words. */
  answer: string;
  /** Default 200. */
  status?: 200 | 201 | 202;
  /** The version of the chat that is answered, for the `ETag`. */
  etag?: (output: z.input<Out>) => number;
  /** Where to find what was made. */
  location?: { of: (output: z.input<Out>) => string; description?: string };
  /** What it does instead, and answers with 200, when the body has `dry_run: true`. */
  dryRun?: {
    answer: string;
    output: z.ZodType;
    run: (call: Call, input: z.output<In>) => Promise<unknown>;
  };
};

/** An operation as REST serves it. */
export type RestRoute = Omit<RestBinding<Method>, "bodySize"> & {
  scope: Scope | null;
  listsOnlyChats?: boolean;
  summary: string;
  description?: string;
  bodySize: number;
  places: Places;
  /** What of the input takes a scope of its own. */
  fieldScopes: () => readonly FieldScope[];
  /** The successes, as the OpenAPI document has them. */
  successes: RouteConfig["responses"];
  respond: (c: Context<ApiEnv>, call: Call, input: Record<string, unknown>) => Promise<Response>;
};

type Described<In extends Input> = {
  scope: Scope | null;
  listsOnlyChats?: true;
  summary: string;
  description?: string;
  input: In;
};
type Answering<In extends Input> = {
  successes: RestRoute["successes"];
  respond: (c: Context<ApiEnv>, call: Call, input: NonNullable<z.output<In>>) => Promise<Response>;
};
type Runnable = Described<Input> & {
  output: z.ZodType;
  run: (call: Call, input: Record<string, unknown>) => Promise<unknown>;
};

/** The route of an operation that answers in its own way: `respond` makes what `successes` describe. */
export function routeOf<In extends Input>(
  described: Described<In>,
  binding: RestBinding<Method>,
  answering: Answering<In>,
): RestRoute;
export function routeOf(
  { input, ...described }: Described<Input>,
  { bodySize = restBodySize, ...binding }: RestBinding<Method>,
  answering: Pick<RestRoute, "successes" | "respond">,
): RestRoute {
  const places = placesOf(input, binding);
  return {
    ...described,
    ...binding,
    ...answering,
    bodySize,
    places,
    fieldScopes: () => fieldScopesOf(input),
  };
}

/** The route of an operation that answers what it returns, as JSON. */
export function jsonRoute(
  { output, run, ...described }: Runnable,
  { answer, status = 200, etag, location, dryRun, ...binding }: JsonRest<Method, Input, z.ZodType>,
): RestRoute {
  const headersOf = (made: unknown) => ({
    ...(etag && { ETag: etagOf(etag(made)) }),
    ...(location && { Location: location.of(made) }),
  });
  const successes = {
    [status]: jsonAnswer(answer, output, {
      etag: etag !== undefined,
      location: location && (location.description ?? "Where it is"),
    }),
  };
  const respond: RestRoute["respond"] = async (c, call, input) => {
    const made = await run(call, input);
    return answerJson(c, made, status, headersOf(made));
  };
  if (!dryRun) return routeOf(described, binding, { successes, respond });
  const route = routeOf(described, binding, {
    successes: { 200: jsonAnswer(dryRun.answer, dryRun.output), ...successes },
    respond: async (c, call, { dry_run, ...input }) =>
      dry_run === true ? answerJson(c, await dryRun.run(call, input)) : respond(c, call, input),
  });
  return { ...route, places: placesOf(described.input, binding, { dry_run: dryRunSchema }) };
}

const dryRunSchema = z.boolean("dry_run must be true or false").default(false);

const text = { type: "string" as const };
const etagHeader = { required: true, schema: text, description: "The version of the chat, for If-Match" };

/** A success in JSON: whether it carries the chat's validator, and what its `Location` tells. */
const jsonAnswer = (
  description: string,
  schema: z.ZodType,
  { etag = false, location }: { etag?: boolean; location?: string | undefined } = {},
): RouteConfig["responses"][string] => ({
  description,
  content: { "application/json": { schema } },
  ...((etag || location) && {
    headers: {
      ...(etag && { ETag: etagHeader }),
      ...(location && { Location: { schema: text, description: location } }),
    },
  }),
});
