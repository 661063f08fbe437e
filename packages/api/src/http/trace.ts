import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { rateHeaders } from "../rate/rate-headers.ts";
import type { Services } from "../services.ts";
import type { ApiEnv } from "./env.ts";
import { requestIdFor } from "./request-id.ts";

/** Gives every request its id, and every answer the headers that all of them carry; measures and logs it. */
export function trace(services: Services): MiddlewareHandler<ApiEnv> {
  const { log, metrics } = services;
  return async (c, next) => {
    const start = performance.now();
    const requestId = requestIdFor(c.req.header("x-request-id"));
    c.set("requestId", requestId);
    c.set("services", services);

    await next();

    const { headers, status } = c.res;
    headers.set("X-Request-Id", requestId);
    headers.set("X-Content-Type-Options", "nosniff");
    const standing = c.get("standing");
    if (standing) for (const [name, value] of Object.entries(rateHeaders(standing))) headers.set(name, value);
    const stream = headers.get("content-type")?.startsWith("text/event-stream");
    const cacheControl = c.get("cacheControl") ?? (stream ? "no-store, no-transform" : "no-store");
    headers.set("Cache-Control", cacheControl);

    const seconds = (performance.now() - start) / 1_000;
    const { method } = c.req;
    const route = routePath(c, -1);
    metrics.requestDuration.observe({ method, route, status }, seconds);
    log.debug({ request_id: requestId, method, route, status, seconds }, "request");
  };
}
