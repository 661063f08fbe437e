import { requireScope, type Scope } from "@lethe/core";
import type { MiddlewareHandler } from "hono";
import { authenticateKey, senderOf } from "../auth/authenticate.ts";
import type { ApiEnv } from "../http/env.ts";
import { idempotencyKeyOf, runOnce } from "../idempotency/run-once.ts";
import { spendCall } from "../rate/spend-call.ts";

/**
 * Lets in who has an API key with `scope`, and leaves for handlers what core needs. REST takes no cookie,
 * so that no page of another site can make a browser use it. A POST or DELETE with an `Idempotency-Key` is
 * done once.
 */
export function guard(scope: Scope): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { services } = c.var;
    const { authenticator, db, bounds } = services;
    const apiKey = c.req.header("x-api-key");
    const principal = await authenticateKey(
      authenticator,
      apiKey,
      senderOf(services, c.req.raw.headers, c.env),
    );
    await spendCall(services, principal, (standing) => c.set("standing", standing));
    requireScope(principal, scope);
    const { tenantId, kind, id, scopes } = principal;
    c.set("principal", principal);
    c.set("mayRead", scopes.includes("chats:read"));
    c.set("core", {
      tenantId,
      actor: { kind, id, via: "rest" },
      db,
      beginSearch: () => bounds.searches.take(principal),
    });
    const header = idempotencyKeyOf(c);
    if (header === undefined) return next();
    return runOnce(services, c, next, { header, apiKey: apiKey ?? "", principal });
  };
}
