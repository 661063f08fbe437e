import type { Scope } from "@lethe/core";
import type { MiddlewareHandler } from "hono";
import { authenticateKey, senderOf } from "../auth/authenticate.ts";
import type { ApiEnv } from "../http/env.ts";
import { idempotencyKeyOf, runOnce } from "../idempotency/run-once.ts";
import { admit } from "../operations/admit.ts";

/**
 * Lets in who has an API key with `scope`, and leaves for what follows what core needs. REST takes no cookie,
 * so that no page of another site can make a browser use it. A POST or DELETE with an `Idempotency-Key` is
 * done once.
 */
export function guard(scope: Scope): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const services = c.get("services");
    const apiKey = c.req.header("x-api-key");
    const sender = senderOf(services, c.req.raw.headers, c.env);
    const principal = await authenticateKey(services.authenticator, apiKey, sender);
    const { core, mayRead } = await admit(services, principal, {
      scope,
      via: "rest",
      note: (standing) => c.set("standing", standing),
    });
    c.set("principal", principal);
    c.set("mayRead", mayRead);
    c.set("core", core);
    const header = idempotencyKeyOf(c);
    if (header === undefined) return next();
    return runOnce(services, c, next, { header, apiKey: apiKey ?? "", principal });
  };
}
