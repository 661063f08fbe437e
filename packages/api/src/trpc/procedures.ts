import { type Context, requireScope, type Scope } from "@lethe/core";
import type { z } from "zod";
import { requireSameOrigin } from "../auth/origin.ts";
import { requireStrict } from "../http/strict-names.ts";
import { spendCall } from "../rate/spend-call.ts";
import { toTrpcError } from "./error-data.ts";
import { t } from "./init.ts";

/** Puts everything that a procedure throws under the code of the error table. */
const mapErrors = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error);
  return result;
});

/** Tells listeners after every change that succeeded, which is after its commit. */
const wakeFeed = t.middleware(async ({ ctx, next, type }) => {
  const result = await next();
  if (type === "mutation" && result.ok) ctx.services.feed.wake();
  return result;
});

/**
 * Makes procedures for callers with `scope`, by API key or session cookie; core's context is `ctx.core`. Each takes
 * the names of its input and no others; one without an input takes `noInputSchema`.
 */
function procedureFor(scope: Scope) {
  const procedure = t.procedure
    .use(mapErrors)
    .use(wakeFeed)
    .use(async ({ ctx, next, type }) => {
      const principal = await ctx.authenticate();
      await spendCall(ctx.services, principal, ctx.note);
      const { tenantId, kind, id, scopes } = principal;
      if (type === "mutation" && kind === "session") requireSameOrigin(ctx.services, ctx.headers, ctx.host);
      requireScope(principal, scope);
      const { db, bounds } = ctx.services;
      const core: Context = {
        tenantId,
        actor: { kind, id, via: "trpc" },
        db,
        beginSearch: () => bounds.searches.take(principal),
      };
      return next({ ctx: { core, principal, mayRead: scopes.includes("chats:read") } });
    });
  return <Input extends z.ZodType>(input: Input) => {
    requireStrict(input, "The input of a procedure");
    return procedure.input(input);
  };
}

export const reading = procedureFor("chats:read");
export const writing = procedureFor("chats:write");
export const deleting = procedureFor("chats:delete");
export const holding = procedureFor("holds:write");
export const configuring = procedureFor("settings:write");
