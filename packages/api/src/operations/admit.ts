import {
  type Actor,
  type Context,
  LetheError,
  type Principal,
  requireScope,
  type Scope,
  scopes,
  type VersionCondition,
} from "@lethe/core";
import { z } from "zod";
import { consumeCall } from "../rate/consume-call.ts";
import type { RateLimitStatus } from "../rate/rate-limiter.ts";
import { scopeMember } from "../schemas/index.ts";
import type { Services } from "../services.ts";

/** What an operation is given besides its input. */
export type Call = {
  services: Services;
  /** What core's verbs take first. */
  core: Context;
  principal: Principal;
  /** Whether the caller may read what people have written. */
  mayRead: boolean;
  /** The API key as it was sent, where it was one: it is nowhere kept and never told. */
  apiKey: string | undefined;
  /**
   * What the caller demands of the version of the chat that it changes: `If-Match` and `If-None-Match` over REST,
   * `if_version` over tRPC. Empty where it demands nothing.
   */
  condition: VersionCondition;
};

type Admission = {
  /** Null: whoever has proved who they are. */
  scope: Scope | null;
  apiKey: string | null | undefined;
  via: Context["actor"]["via"];
  /** Told where the caller stands, allowed or not. */
  note: (rateLimitStatus: RateLimitStatus) => void;
  /** What else the transport asks of a caller who is within the limit; throws. */
  check?: () => void;
};

/**
 * Lets a caller in to an operation: the same for every transport, once it knows who calls.
 *
 * @throws TOO_MANY_REQUESTS (rate_limited), then what `check` throws, then FORBIDDEN (missing_scope)
 */
export async function admit(
  services: Services,
  principal: Principal,
  { scope, apiKey, via, note, check }: Admission,
): Promise<Omit<Call, "condition">> {
  await consumeCall(services, principal, note);
  check?.();
  if (scope !== null) requireScope(principal, scope);
  const { db, bounds, receipts } = services;
  const { tenantId, kind, id, name, scopes, token } = principal;
  return {
    services,
    core: {
      tenantId,
      actor: { kind, id, name, via },
      db,
      signReceipt: async (deletion) => (await receipts.issue(tenantId, deletion)).receipt,
      beginSearch: () => bounds.searches.take(principal),
      onlyChats: token?.chatIds ?? undefined,
    },
    principal,
    mayRead: scopes.includes("chats:read"),
    apiKey: apiKey ?? undefined,
  };
}

/** Who stands behind a call for good: a browser that was signed in with a key is that key. */
export const holderOf = ({ kind, holderId: id, name }: Principal): Pick<Actor, "kind" | "id" | "name"> => ({
  kind: kind === "person" ? kind : "api_key",
  id,
  name,
});

/** A field of an input that takes a scope of its own. */
export type FieldScope = { path: readonly string[]; scope: Scope };

const node = z.record(z.string(), z.unknown());
const knownScope = z.enum(scopes);

const fieldScopes = new WeakMap<z.ZodType, readonly FieldScope[]>();

/**
 * The fields that say in the JSON schema of an input that they take a scope besides that of the operation, at every
 * depth. They are found at the first call, once for REST and tRPC: to do so for all inputs would hold up each start.
 */
export function fieldScopesOf(input: z.ZodType): readonly FieldScope[] {
  const known = fieldScopes.get(input);
  if (known !== undefined) return known;
  const whole = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  const found = fieldsIn(whole, [], (ref) => whole.$defs?.[ref.replace("#/$defs/", "")]);
  fieldScopes.set(input, found);
  return found;
}

function fieldsIn(schema: unknown, path: string[], lookUp: (ref: string) => unknown): FieldScope[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => fieldsIn(one, path, lookUp));
  const {
    properties,
    $defs: _,
    $ref: ref,
    [scopeMember]: scope,
    ...others
  } = node.safeParse(schema).data ?? {};
  return [
    ...(scope === undefined ? [] : [{ path, scope: knownScope.parse(scope) }]),
    ...(typeof ref === "string" ? fieldsIn(lookUp(ref), path, lookUp) : []),
    ...Object.entries(node.safeParse(properties).data ?? {}).flatMap(([name, property]) =>
      fieldsIn(property, [...path, name], lookUp),
    ),
    ...Object.values(others).flatMap((other) => fieldsIn(other, path, lookUp)),
  ];
}

/** Throws FORBIDDEN (missing_scope) for a field that is there, and takes a scope that the caller's key lacks. */
export function requireFieldScopes(
  principal: Pick<Principal, "scopes">,
  fields: readonly FieldScope[],
  input: unknown,
): void {
  for (const { path, scope } of fields) {
    if (principal.scopes.includes(scope) || !isGiven(input, path)) continue;
    const message = `${path.join(".")} looks into what people have written, and this API key lacks the scope ${scope}. Leave it out, or use a key that has the scope`;
    throw new LetheError("FORBIDDEN", "missing_scope", message, { scope });
  }
}

const naming = z.looseObject({ chat_id: z.string().optional(), chat_ids: z.array(z.string()).optional() });

/**
 * Holds a token that is for some chats to these. An operation is done with it if its input names chats, all of which are
 * among them, or if it says that it lists none but these (`listsOnlyChats`); whatever is declared without a thought of it is
 * refused.
 *
 * @param input as the operation's schema has it
 * @throws FORBIDDEN (outside_token)
 */
export function requireChats(
  { token }: Pick<Principal, "token">,
  input: unknown,
  listsOnlyChats: boolean,
): void {
  const only = token?.chatIds;
  if (!only) return;
  const { chat_id, chat_ids = [] } = naming.safeParse(input).data ?? {};
  const named = chat_id === undefined ? chat_ids : [chat_id, ...chat_ids];
  if (named.length === 0 ? listsOnlyChats : named.every((id) => only.includes(id.toLowerCase()))) return;
  const count = only.length === 1 ? "one chat" : `${only.length} chats`;
  throw new LetheError(
    "FORBIDDEN",
    "outside_token",
    named.length === 0
      ? `This token is for ${count}, and this call is not about these alone. Name one of them, or ask your server for a token without chat_ids`
      : `This token is for ${count}, and what you ask for is not among them. Ask your server for a token that is for it`,
  );
}

function isGiven(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (Array.isArray(value))
    return value.some((one) => isGiven(one, name === undefined ? [] : [name, ...rest]));
  if (name === undefined) return value !== undefined;
  const names = node.safeParse(value).data;
  return names !== undefined && Object.hasOwn(names, name) && isGiven(names[name], rest);
}
