import { randomUUID } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Services } from "../services.ts";
import { commonHeaders } from "./answer-json.ts";
import { corsHeaders } from "./cors.ts";
import type { ApiEnv } from "./env.ts";

/** Gives every request its id, and every answer the headers that all of them carry; measures and logs it. */
export function trace(services: Services): MiddlewareHandler<ApiEnv> {
  const { log, metrics, allowedOrigins } = services;
  return async (c, next) => {
    const start = performance.now();
    const requestId = requestIdFor(c.req.header("x-request-id"));
    c.set("requestId", requestId);
    c.set("services", services);
    c.set(
      "cors",
      corsHeaders(allowedOrigins, {
        method: c.req.method,
        path: c.req.path,
        header: (name) => c.req.header(name),
      }),
    );

    await next();

    if (c.res !== c.get("whole")) {
      const { headers } = c.res;
      const stream = headers.get("content-type")?.startsWith("text/event-stream");
      const cacheControl = stream ? "no-store, no-transform" : "no-store";
      const common = commonHeaders(c, { cacheControl, vary: headers.get("vary") });
      for (const [name, value] of Object.entries(common)) headers.set(name, value);
    }
    const seconds = (performance.now() - start) / 1_000;
    const { method } = c.req;
    const { status } = c.res;
    const route = routePath(c, -1);
    metrics.requestDuration.observe({ method, route, status }, seconds);
    log.debug({ request_id: requestId, method, route, status, seconds }, "request");
  };
}

/** What a caller may call its request: short, and harmless in a log line and in a header. */
const sane = /^[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}$/;

/** The caller's own id for its request when it has a sane one, else a new UUID. */
export function requestIdFor(header: string | undefined | null): string {
  return header && sane.test(header) ? header : randomUUID();
}
