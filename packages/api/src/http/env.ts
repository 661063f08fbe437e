import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context as CoreContext, Principal, VersionCondition } from "@lethe/core";
import type { RateLimitStatus } from "../rate/rate-limiter.ts";
import type { Services } from "../services.ts";
import type { Host } from "./host.ts";

/**
 * What middleware leaves for handlers. `core`, `principal` and `mayRead` are there only behind `guard`. A handler
 * sets `cacheControl` (RFC 9111) where its answer may be kept; no other may. `standing` is there when the call was counted.
 */
export type ApiEnv = {
  Bindings: Host;
  Variables: {
    services: Services;
    requestId: string;
    /** What tells a browser whether a page of another origin may read the answer. */
    cors: Record<string, string>;
    core: CoreContext;
    principal: Principal;
    /** Whether the caller may read what people have written. */
    mayRead: boolean;
    cacheControl?: string;
    /** What the request says to its operation, as the schemas have it. */
    input: Record<string, unknown>;
    /** What was read of the request's body. */
    body?: Uint8Array<ArrayBuffer>;
    /** What the request demands of the version of the chat that it changes. */
    condition?: VersionCondition;
    rateLimitStatus: RateLimitStatus | undefined;
    /** What was asked for, as the log and the figures name it; default: the template of the path. */
    route?: string;
    /** The answer that has all its headers already. */
    whole?: Response;
  };
};

export type ApiApp = OpenAPIHono<ApiEnv>;
