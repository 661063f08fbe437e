import { requireScope, type Scope } from "@lethe/core";
import type { MiddlewareHandler } from "hono";
import { authenticateKey } from "../auth/authenticate.ts";
import type { ApiEnv } from "../http/env.ts";
import type { Services } from "../services.ts";

/**
 * Lets in who has an API key with `scope`, and leaves for handlers what core needs. REST takes no cookie,
 * so that no page of another site can make a browser use it.
 */
export function guard({ authenticator, db }: Services, scope: Scope): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const principal = await authenticateKey(authenticator, c.req.header("x-api-key"));
    requireScope(principal, scope);
    const { tenantId, kind, id } = principal;
    c.set("core", { tenantId, actor: { kind, id, via: "rest" }, db });
    await next();
  };
}
