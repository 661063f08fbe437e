import type { Context } from "hono";
import { errorTable, type Failure } from "../errors/failure.ts";
import { problemResponse } from "../errors/problem.ts";
import { toFailure } from "../errors/to-failure.ts";
import type { Services } from "../services.ts";
import type { ApiApp, ApiEnv } from "./env.ts";

/**
 * Answers what no route takes: OPTIONS with the methods of the resource (RFC 9110, section 9.3.7), other
 * methods with 405, other paths with 404. Call it after all routes are there.
 */
export function answerUnrouted(app: ApiApp): void {
  for (const [path, methods] of methodsByPath(app)) {
    const allow = [...methods, ...(methods.has("GET") ? ["HEAD"] : []), "OPTIONS"].sort();
    app.options(path, (c) => c.body(null, 204, { Allow: allow.join(", ") }));
    app.all(path, (c) => problemResponse(methodNotAllowed(c.req.method, allow), c.get("requestId")));
  }
  app.notFound((c) => problemResponse(nothingHere, c.get("requestId")));
}

/** No resource at all. */
export const nothingHere: Failure = {
  code: "NOT_FOUND",
  reason: "not_found",
  message: "Nothing is found at this address. /api/v1/openapi.json lists what there is.",
  details: {},
};

/** A resource that is there, and knows the methods `allow` only. */
export const methodNotAllowed = (method: string, allow: string[]): Failure => ({
  code: "METHOD_NOT_SUPPORTED",
  reason: "method_not_allowed",
  message: `${method} is not possible here. This resource knows ${allow.join(", ")}.`,
  details: {},
  allow,
});

function methodsByPath(app: ApiApp): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method !== "ALL") found.set(path, (found.get(path) ?? new Set()).add(method));
  }
  return found;
}

/** Answers everything that is thrown with a problem document. */
export function answerErrors(app: ApiApp, services: Services): void {
  app.onError((error, c) => answerError(c, services, error));
}

/** The answer to what was thrown; what the caller is not told goes to the log. */
export function answerError(
  c: Context<ApiEnv>,
  { log, readiness }: Pick<Services, "log" | "readiness">,
  error: unknown,
): Response {
  const failure = toFailure(error);
  const requestId = c.get("requestId");
  if (errorTable[failure.code].status >= 500) {
    readiness.note(error);
    log.error(
      { request_id: requestId, method: c.req.method, path: c.req.path, err: error },
      "request failed",
    );
  }
  return problemResponse(failure, requestId);
}
