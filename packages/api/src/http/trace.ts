import { randomUUID } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Services } from "../services.ts";
import { addCommonHeaders } from "./answer-json.ts";
import { corsHeaders, isPreflight } from "./cors.ts";
import type { ApiEnv } from "./env.ts";
import { noteRequest } from "./note-request.ts";

/**
 * Gives every request its id, and every answer the headers that all of them carry; answers preflights; measures and logs
 * them all.
 */
export function trace(services: Services): MiddlewareHandler<ApiEnv> {
  const { allowedOrigins } = services;
  return async (c, next) => {
    const { method, path } = c.req;
    const asked = { method, path, header: (name: string) => c.req.header(name) };
    const noteAnswer = noteRequest(services, asked);
    const requestId = requestIdFor(c.req.header("x-request-id"));
    c.set("requestId", requestId);
    c.set("services", services);
    const cors = corsHeaders(allowedOrigins, asked);
    c.set("cors", cors);

    if (isPreflight(cors)) c.res = c.body(null, 204);
    else await next();

    if (c.res !== c.get("whole")) {
      const { headers } = c.res;
      const stream = headers.get("content-type")?.startsWith("text/event-stream");
      const cacheControl = stream ? "no-store, no-transform" : "no-store";
      const common = addCommonHeaders(c, {}, { cacheControl, vary: headers.get("vary") });
      for (const [name, value] of Object.entries(common)) headers.set(name, value);
    }
    noteAnswer({ requestId, route: c.get("route") ?? routePath(c, -1), status: c.res.status });
  };
}

/** What a caller may call its request: short, and harmless in a log line and in a header. */
const sane = /^[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}$/;

/** The caller's own id for its request when it has a sane one, else a new UUID. */
export function requestIdFor(header: string | undefined | null): string {
  return header && sane.test(header) ? header : randomUUID();
}
