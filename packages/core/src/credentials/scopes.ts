import { LetheError } from "../errors.ts";
import { usualScopes as namedScopes, scopes } from "../limits.ts";

export { scopes };
export type Scope = (typeof scopes)[number];
export const usualScopes: readonly Scope[] = namedScopes;

const isScope = (scope: string): scope is Scope => scopes.some((known) => known === scope);

/**
 * What scopes allow as they are stored. Those of a newer version grant nothing here; `chats:delete`, which there was before
 * there was `chats:trash`, is both.
 */
export function grantedScopes(stored: readonly string[]): Scope[] {
  const granted = new Set(stored.filter(isScope));
  if (granted.has("chats:delete")) granted.add("chats:trash");
  return scopes.filter((scope) => granted.has(scope));
}

/** Whether `held` allow all that `wanted` do: nobody gives what they do not have. */
export const covers = (held: readonly Scope[], wanted: readonly Scope[]): boolean =>
  wanted.every((scope) => held.includes(scope));

/** Throws FORBIDDEN (beyond_own_rights) where somebody would give or take what they do not have themselves. */
export function requireCovers(held: readonly Scope[], wanted: readonly Scope[]): void {
  if (covers(held, wanted)) return;
  const lacking = wanted.filter((scope) => !held.includes(scope)).join(", ");
  throw new LetheError(
    "FORBIDDEN",
    "beyond_own_rights",
    `This takes rights that you do not have yourself: ${lacking}. Ask somebody who has them`,
  );
}

/** Throws FORBIDDEN (missing_scope) unless the caller has the scope, by their key or their role. */
export function requireScope(
  principal: { scopes: readonly Scope[]; role?: string | null; token?: object },
  scope: Scope,
): void {
  if (principal.scopes.includes(scope)) return;
  throw new LetheError("FORBIDDEN", "missing_scope", lacking(principal, scope), { scope });
}

function lacking({ role, token }: { role?: string | null; token?: object }, scope: Scope): string {
  if (role) return `As ${role} you may not do this: it takes the scope ${scope}. Ask an owner`;
  return token
    ? `This token lacks the scope ${scope}. Ask your server for one that has it`
    : `This API key lacks the scope ${scope}. Use a key that has it, or have one created`;
}
