import { getTRPCErrorShape } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { type Context, Hono } from "hono";
import { errorTable } from "../errors/error-table.ts";
import { failureHeaders } from "../errors/problem.ts";
import { RefusedInput } from "../errors/refused-input.ts";
import { toFailure } from "../errors/to-failure.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { checkJson } from "../http/json-text.ts";
import { callsWithoutEtag } from "../http/preconditions.ts";
import { readJsonText, trpcBodySize } from "../http/read-body.ts";
import { strictQuery } from "../http/strict-names.ts";
import { appRouter } from "../operations/index.ts";
import { shownName, unknownName } from "../schemas/index.ts";
import type { Services } from "../services.ts";
import { createTrpcContext } from "./context.ts";
import { toTrpcError } from "./error-data.ts";

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
    return fetchRequestHandler({
      endpoint,
      req: await readCall(c),
      router: appRouter,
      maxBatchSize,
      createContext: ({ req }) =>
        createTrpcContext(services, requestId, req.headers, c.env, (standing) => c.set("standing", standing)),
      responseMeta: ({ errors: [error] }) => ({
        headers: error ? new Headers(failureHeaders(toFailure(error))) : {},
      }),
      onError: ({ error, path }) => logFailure(error, requestId, path),
    });
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

/** A request whose input, in the query or in the body, can be understood in one way only. */
async function readCall(c: Context<ApiEnv>): Promise<Request> {
  const { method, headers, signal, url } = c.req.raw;
  if (method === "GET" || method === "HEAD") {
    const input = c.req.query("input") ?? "";
    checkJson(input, "input");
    checkBatch(c, input);
    return c.req.raw;
  }
  const body = await readJsonText(c, trpcBodySize);
  checkBatch(c, body);
  return new Request(url, { method, headers, signal, body });
}

/** Refuses a name beside the inputs of a batch, which tRPC would drop. They stand under 0, 1 and so on, one for each call. */
function checkBatch(c: Context<ApiEnv>, json: string): void {
  if (c.req.query("batch") !== "1") return;
  const calls = c.req.path.split(/,|%2C/i).length;
  const known = Array.from({ length: calls }, (_, index) => `${index}`);
  const others = namesIn(json).filter((name) => !known.includes(name));
  if (others.length > 0)
    throw new RefusedInput(
      others.map((name) => ({ field: shownName(name), message: unknownName(name, known) })),
    );
}

/** The names of an object. What is none is refused by tRPC itself. */
function namesIn(json: string): string[] {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  } catch {
    return [];
  }
}
