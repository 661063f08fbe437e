import { getTRPCErrorShape } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { type Context, Hono } from "hono";
import { errorTable } from "../errors/failure.ts";
import { failureHeaders } from "../errors/problem.ts";
import { RefusedInput } from "../errors/refused-input.ts";
import { toFailure } from "../errors/to-failure.ts";
import { encodeText } from "../http/compress.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { checkJson } from "../http/json-text.ts";
import { callsWithoutEtag } from "../http/preconditions.ts";
import { readJsonText, trpcBodySize } from "../http/read-body.ts";
import { namesIn, refuseBody, strictQuery } from "../http/strict-names.ts";
import { appRouter, operations } from "../operations/index.ts";
import { shownName, unknownName } from "../schemas/index.ts";
import type { Services } from "../services.ts";
import { createTrpcContext, toTrpcError } from "./init.ts";
import { pingMs, wholeEvents } from "./whole-events.ts";

const endpoint = "/api/trpc";

/** Calls that one HTTP request may carry. */
const maxBatchSize = 50;

/** What tRPC reads in a query string; the input of a mutation is in the body. */
const parameters = {
  GET: ["batch", "input", "lastEventId", "Last-Event-Id"],
  POST: ["batch"],
};

/** tRPC at `/api/trpc`: queries and subscriptions by GET, mutations by POST. */
export function mountTrpc(app: ApiApp, services: Services): void {
  const { log, readiness } = services;
  const logFailure = (error: Error, requestId: string, path?: string) => {
    if (errorTable[toFailure(error).code].status < 500) return;
    readiness.note(error.cause ?? error);
    log.error({ request_id: requestId, path, err: error.cause ?? error }, "call failed");
  };

  const trpc = new Hono<ApiEnv>();
  trpc.get("/*", strictQuery(parameters.GET));
  trpc.post("/*", strictQuery(parameters.POST));
  trpc.on(["GET", "POST"], "/*", callsWithoutEtag, async (c) => {
    const requestId = c.get("requestId");
    c.set("route", routeOf(callsIn(c)));
    const response = await fetchRequestHandler({
      endpoint,
      req: await readCall(c),
      router: appRouter,
      maxBatchSize,
      createContext: ({ req }) =>
        createTrpcContext(services, requestId, req.headers, c.env, (rateLimitStatus) =>
          c.set("rateLimitStatus", rateLimitStatus),
        ),
      responseMeta: ({ errors: [error] }) => ({
        headers: error ? new Headers(failureHeaders(toFailure(error))) : {},
      }),
      onError: ({ error, path }) => logFailure(error, requestId, path),
    });
    if (isWhole(c, response)) return compressed(c, response);
    const { body, headers } = response;
    const streams = body !== null && headers.get("content-type") === "text/event-stream";
    return streams ? new Response(wholeEvents(body, pingMs), response) : response;
  });

  // What fails before tRPC has the request still has to be readable by tRPC's client.
  trpc.onError((cause, c) => {
    const error = toTrpcError(cause);
    const requestId = c.get("requestId");
    logFailure(error, requestId);
    const ctx = createTrpcContext(services, requestId, c.req.raw.headers, c.env);
    const call = { type: "unknown", path: undefined, input: undefined } as const;
    const shape = getTRPCErrorShape({ config: appRouter._def._config, error, ctx, ...call });
    return c.json({ error: shape }, shape.data.httpStatus, failureHeaders(toFailure(error)));
  });
  app.route(endpoint, trpc);
}

/** The calls of a request by name, known or not. */
const callsIn = (c: Context<ApiEnv>) => c.req.path.slice(endpoint.length + 1).split(/,|%2C/i);

/** What operators see was called. A batch of several things is one route, for there are as many as combinations. */
function routeOf([first = "", ...others]: string[]): string {
  const isOne = isProcedure(first) && others.every((other) => other === first);
  return `${endpoint}/${isOne ? first : "*"}`;
}

const isProcedure = (name: string) => Object.hasOwn(appRouter._def.procedures, name);

/** Neither events nor an answer of which the parts are sent as they are ready. */
const isWhole = (c: Context<ApiEnv>, { headers }: Response) =>
  c.req.header("trpc-accept") === undefined && headers.get("content-type") === "application/json";

async function compressed(c: Context<ApiEnv>, response: Response): Promise<Response> {
  const { body, headers } = await encodeText(c, await response.text());
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers)) all.append(name, value);
  return new Response(body, { status: response.status, headers: all });
}

/** A request whose input, in the query or in the body, can be understood in one way only. */
async function readCall(c: Context<ApiEnv>): Promise<Request> {
  const { method, headers, signal, url } = c.req.raw;
  if (method === "GET" || method === "HEAD") {
    const input = c.req.query("input") ?? "";
    checkJson(input, "input");
    checkBatch(c, input);
    await refuseBody(c);
    return c.req.raw;
  }
  const body = await readJsonText(c, trpcBodySize);
  checkBatch(c, body);
  return new Request(url, { method, headers, signal, body });
}

/**
 * Refuses a batch of which a part would be done: inputs stand under 0, 1 and so on, one for each call that takes one, and
 * nothing beside them. tRPC would drop what is too much, and do the others where one is missing.
 */
function checkBatch(c: Context<ApiEnv>, json: string): void {
  const batch = c.req.query("batch");
  if (batch === undefined) return;
  if (batch !== "1")
    throw new RefusedInput([{ field: "batch", message: "batch must be 1; leave it out for a single call" }]);
  const calls = callsIn(c);
  const known = calls.map((_, index) => `${index}`);
  const given = namesIn(json);
  const others = given.filter((name) => !known.includes(name));
  const missing = known.filter(
    (index) => !given.includes(index) && needInput.has(calls[Number(index)] ?? ""),
  );
  const faults = [
    ...others.map((name) => ({ field: shownName(name), message: unknownName(name, known) })),
    ...missing.map((index) => ({
      field: index,
      message: `${index} is missing: ${calls[Number(index)]} takes an input`,
    })),
  ];
  if (faults.length > 0) throw new RefusedInput(faults);
}

/** The calls that are nothing without an input. */
const needInput = new Set(
  operations.filter(({ input }) => !input.safeParse(undefined).success).map(({ name }) => name),
);
