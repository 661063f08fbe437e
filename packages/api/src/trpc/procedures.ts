import type { Scope } from "@lethe/core";
import type { z } from "zod";
import { requireSameOrigin } from "../auth/origin.ts";
import { requireStrict } from "../http/strict-names.ts";
import { admit, type Call, fieldScopesOf, requireChats, requireFieldScopes } from "../operations/admit.ts";
import { t, toTrpcError } from "./init.ts";

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

const procedure = t.procedure.use(mapErrors).use(wakeFeed);

/**
 * Begins a procedure for callers with `scope`, by API key, token or session cookie. It takes the names of `input` and no
 * others.
 *
 * @throws TypeError, when the program starts, for an input that would drop a name in silence
 */
export function procedureFor<Input extends z.ZodType>(
  scope: Scope | null,
  input: Input,
  { listsOnlyChats = false }: { listsOnlyChats?: boolean } = {},
) {
  requireStrict(input, "The input of a procedure");
  return procedure
    .use(async ({ ctx, next, type }) => {
      const { services, headers, host, note } = ctx;
      const principal = await ctx.authenticate();
      const check = () => {
        if (principal.sessionId === null) return;
        // What only reads comes without an Origin from pages of ours.
        if (type === "mutation" || headers.has("origin")) requireSameOrigin(services, headers, host);
      };
      const apiKey = headers.get("x-api-key");
      const admitted = await admit(services, principal, { scope, apiKey, via: "trpc", note, check });
      const callWith = (given: unknown): Call => ({ ...admitted, condition: conditionOf(given) });
      return next({ ctx: { ...admitted, callWith } });
    })
    .input(input)
    .use(async ({ ctx, next, input: given, getRawInput }) => {
      requireChats(ctx.principal, given, listsOnlyChats);
      const fields = fieldScopesOf(input);
      if (fields.length > 0) requireFieldScopes(ctx.principal, fields, await getRawInput());
      return next();
    });
}

/** `if_version` of an input: any version if there is none. */
function conditionOf(input: unknown): Call["condition"] {
  const named = typeof input === "object" && input !== null && "if_version" in input;
  return named && typeof input.if_version === "number" ? { versions: [input.if_version] } : {};
}
