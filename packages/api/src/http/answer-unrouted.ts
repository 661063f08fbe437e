import type { FailureCode } from "../errors/failure.ts";
import { problemResponse } from "../errors/problem.ts";
import type { ApiApp } from "./env.ts";

/**
 * Answers what no route takes: OPTIONS with the methods of the resource (RFC 9110, section 9.3.7), other
 * methods with 405, other paths with 404. Call it after all routes are there.
 */
export function answerUnrouted(app: ApiApp): void {
  for (const [path, methods] of methodsByPath(app)) {
    const allow = [...methods, ...(methods.has("GET") ? ["HEAD"] : []), "OPTIONS"].sort();
    app.options(path, (c) => c.body(null, 204, { Allow: allow.join(", ") }));
    app.all(path, (c) => {
      const code: FailureCode = "METHOD_NOT_SUPPORTED";
      const message = `${c.req.method} is not possible here. This resource knows ${allow.join(", ")}.`;
      return problemResponse(
        { code, reason: "method_not_allowed", message, details: {}, allow },
        c.get("requestId"),
      );
    });
  }
  app.notFound((c) => {
    const message = "Nothing is found at this address. /api/v1/openapi.json lists what there is.";
    return problemResponse(
      { code: "NOT_FOUND", reason: "not_found", message, details: {} },
      c.get("requestId"),
    );
  });
}

function methodsByPath(app: ApiApp): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method !== "ALL") found.set(path, (found.get(path) ?? new Set()).add(method));
  }
  return found;
}
