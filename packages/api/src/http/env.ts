import type { OpenAPIHono } from "@hono/zod-openapi";
import type { RateLimitStatus } from "../rate/rate-limiter.ts";
import type { Services } from "../services.ts";
import type { Host } from "./host.ts";

/**
 * What is known of a request. A handler sets `cacheControl` (RFC 9111) where its answer may be kept; no other may.
 * `rateLimitStatus` is there when the call was counted.
 */
export type ApiEnv = {
  Bindings: Host;
  Variables: {
    services: Services;
    requestId: string;
    /** What tells a browser whether a page of another origin may read the answer. */
    cors: Record<string, string>;
    cacheControl?: string;
    /** What was read of the request's body. */
    body?: Uint8Array<ArrayBuffer>;
    rateLimitStatus: RateLimitStatus | undefined;
    /** What was asked for, as the log and the figures name it; default: the template of the path. */
    route?: string;
    /** The answer that has all its headers already. */
    whole?: Response;
  };
};

export type ApiApp = OpenAPIHono<ApiEnv>;
