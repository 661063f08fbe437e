import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { Scope } from "@lethe/core";
import type { MiddlewareHandler } from "hono";
import { z } from "zod";
import type { ApiEnv } from "../http/env.ts";
import { preconditions } from "../http/preconditions.ts";
import { jsonBody, restBodySize } from "../http/read-body.ts";
import { requireStrict, strictQuery, withoutBody } from "../http/strict-names.ts";
import { apiKeyScheme } from "./describe.ts";
import { guard } from "./guard.ts";

type Description<Path extends string> = Omit<RouteConfig, "path" | "security" | "middleware"> & {
  path: Path;
};

/**
 * An operation of REST: what the OpenAPI document says of it, and what every request goes through before its
 * handler. There is no other way to make one, so that none can forget a part.
 *
 * @param scope what the API key must be allowed
 * @param bodySize the longest body, in bytes
 * @throws TypeError, when the program starts, for an input that would drop a name in silence
 */
export function operation<Path extends string, Route extends Description<Path>>(
  scope: Scope,
  route: Route,
  bodySize = restBodySize,
) {
  const { query, body } = route.request ?? {};
  const where = `${route.method.toUpperCase()} ${route.path}`;
  if (query) requireStrict(query, `The query of ${where}`);
  for (const content of Object.values(body?.content ?? {}))
    if (content && "schema" in content && content.schema instanceof z.ZodType)
      requireStrict(content.schema, `The body of ${where}`);
  const middleware: MiddlewareHandler<ApiEnv>[] = [
    guard(scope),
    strictQuery(query instanceof z.ZodObject ? Object.keys(query.shape) : []),
    body ? jsonBody(bodySize) : withoutBody,
    preconditions(route),
  ];
  return { ...createRoute(route), security: [{ [apiKeyScheme]: [scope] }], middleware };
}
