import type { MiddlewareHandler } from "hono";
import type { z } from "zod";
import { fromZodError } from "../errors/from-zod-error.ts";
import { problemResponse } from "../errors/problem.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { preconditions } from "../http/preconditions.ts";
import { readJson } from "../http/read-body.ts";
import { checkQuery, refuseBody } from "../http/strict-names.ts";
import { requireFieldScopes } from "../operations/field-scopes.ts";
import { describeRoute } from "./describe.ts";
import { guard } from "./guard.ts";
import type { RestRoute } from "./route.ts";

/** Serves below `/api/v1` what REST has, and describes it. Every request passes these steps, in this order. */
export function mountOperations(app: ApiApp, operations: readonly { rest: RestRoute | null }[]): void {
  for (const { rest: route } of operations) {
    if (route === null) continue;
    app.openAPIRegistry.registerPath(describeRoute(route));
    app.on(
      route.method.toUpperCase(),
      `/api/v1${route.path.replaceAll(/\{(\w+)\}/g, ":$1")}`,
      guard(route.scope),
      takeInput(route),
      preconditions(route),
      respond(route),
    );
  }
}

/** Reads the input from where the route carries it; what is elsewhere or not known is refused. */
function takeInput({ places, bodySize, fieldScopes }: RestRoute): MiddlewareHandler<ApiEnv> {
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
    for (const [, value] of fieldScopes.length > 0 ? parts : [])
      requireFieldScopes(c.get("principal"), fieldScopes, value());
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
      condition: c.get("condition") ?? {},
    };
    return respond(c, call, c.get("input"));
  };
}
