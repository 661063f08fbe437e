import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context as CoreContext } from "@lethe/core";

/**
 * What middleware leaves for handlers. `core` is there only behind `requireScope`. A handler sets `cacheControl`
 * (RFC 9111) where its answer may be kept; no other may.
 */
export type ApiEnv = { Variables: { requestId: string; core: CoreContext; cacheControl?: string } };

export type ApiApp = OpenAPIHono<ApiEnv>;
