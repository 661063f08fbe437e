import type { MiddlewareHandler } from "hono";
import type { Services } from "../services.ts";

const reads = new Set(["GET", "HEAD", "OPTIONS"]);

/** Tells listeners after every change that was answered with success, which is after its commit. */
export function wakeFeed({ feed }: Services): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (!reads.has(c.req.method) && c.res.ok) feed.wake();
  };
}
