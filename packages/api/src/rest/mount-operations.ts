import { LetheError } from "@lethe/core";
import type { MiddlewareHandler } from "hono";
import type { z } from "zod";
import { authenticateProgram, senderOf } from "../auth/authenticate.ts";
import { problemResponse } from "../errors/problem.ts";
import { fromZodError } from "../errors/refused-input.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { preconditions } from "../http/preconditions.ts";
import { readJson } from "../http/read-body.ts";
import { checkQuery, refuseBody } from "../http/strict-names.ts";
import { idempotencyKeyOf, runOnce } from "../idempotency/run-once.ts";
import { admit, requireChats, requireFieldScopes } from "../operations/admit.ts";
import { describeRoute } from "./describe.ts";
import type { RestRoute } from "./route.ts";

/** Serves below `/api/v1` what REST has, and describes it. Every request passes these steps, in this order. */
export function mountOperations(app: ApiApp, operations: readonly { rest: RestRoute | null }[]): void {
  for (const { rest: route } of operations) {
    if (route === null) continue;
    app.openAPIRegistry.registerPath(describeRoute(route));
    app.on(
      route.method.toUpperCase(),
      `/api/v1${route.path.replaceAll(/\{(\w+)\}/g, ":$1")}`,
      guard(route),
      takeInput(route),
      preconditions(route),
      respond(route),
    );
  }
}

/** Reads the input from where the route carries it; what is elsewhere or not known is refused. */
function takeInput({
  places,
  bodySize,
  fieldScopes,
  listsOnlyChats = false,
}: RestRoute): MiddlewareHandler<ApiEnv> {
  const { params, query, body } = places;
  const known = Object.keys(query?.shape ?? {});
  return async (c, next) => {
    checkQuery(c.req.url, known);
    const sent = body ? await readJson(c, bodySize) : await refuseBody(c);
    const input: Record<string, unknown> = {};
    const parts: [z.ZodObject | undefined, () => unknown][] = [
      [query, () => c.req.query()],
      [params, () => c.req.param()],
      [body, () => sent],
    ];
    for (const [schema, value] of parts) {
      if (!schema) continue;
      const part = schema.safeParse(value());
      if (!part.success) return problemResponse(fromZodError(part.error), c.get("requestId"));
      Object.assign(input, part.data);
    }
    const fields = fieldScopes();
    for (const [, value] of fields.length > 0 ? parts : [])
      requireFieldScopes(c.get("principal"), fields, value());
    requireChats(c.get("principal"), input, listsOnlyChats);
    c.set("input", input);
    await next();
  };
}

function respond({ respond }: RestRoute): MiddlewareHandler<ApiEnv> {
  return (c) => {
    // One by one: `c.var` would make an object of all that there are.
    const call = {
      services: c.get("services"),
      core: c.get("core"),
      principal: c.get("principal"),
      mayRead: c.get("mayRead"),
      apiKey: c.req.header("x-api-key"),
      condition: c.get("condition") ?? {},
    };
    return respond(c, call, c.get("input"));
  };
}

/**
 * Lets in who has an API key with `scope`, or a token of one, and leaves for what follows what core needs. REST takes no cookie,
 * so that no page of another site can make a browser use it. A POST or DELETE with an `Idempotency-Key` is
 * done once.
 */
function guard({ scope, reads }: Pick<RestRoute, "scope" | "reads">): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const services = c.get("services");
    const apiKey = c.req.header("x-api-key");
    const sender = senderOf(services, c.req.raw.headers, c.env);
    const header = (name: string) => c.req.header(name);
    const principal = await authenticateProgram(services.authenticator, header, sender);
    const { core, mayRead } = await admit(services, principal, {
      scope,
      apiKey,
      via: "rest",
      note: (rateLimitStatus) => c.set("rateLimitStatus", rateLimitStatus),
    });
    c.set("principal", principal);
    c.set("mayRead", mayRead);
    c.set("core", core);
    const key = reads ? undefined : idempotencyKeyOf(c);
    if (key === undefined) return next();
    const secret = apiKey ?? principal.token?.seed ?? "";
    return runOnce(services, c, next, { header: key, secret, principal });
  };
}

/** Explains itself to whoever reaches the WebSocket's address with plain HTTP, such as through a proxy. */
export function mountLiveWithoutUpgrade(app: ApiApp): void {
  app.get("/api/v1/chats/:chat_id/live", () => {
    throw new LetheError(
      "BAD_REQUEST",
      "invalid_request",
      "This address speaks WebSocket: connect with ws:// or wss://. A proxy on the way must pass Upgrade and Connection on.",
    );
  });
}
