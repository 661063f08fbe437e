import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context as CoreContext } from "@lethe/core";

/** What middleware leaves for handlers. `core` is there only behind `requireScope`. */
export type ApiEnv = { Variables: { requestId: string; core: CoreContext } };

export type ApiApp = OpenAPIHono<ApiEnv>;
