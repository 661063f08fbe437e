import { LetheError } from "../errors.ts";
import type { Principal } from "./principal.ts";

/** What a key may be allowed to do. */
export const scopes = ["chats:read", "chats:write", "chats:delete"] as const;
export type Scope = (typeof scopes)[number];

/** Throws FORBIDDEN (missing_scope) unless the caller's key has the scope. */
export function requireScope(principal: Pick<Principal, "scopes">, scope: Scope): void {
  if (principal.scopes.includes(scope)) return;
  throw new LetheError(
    "FORBIDDEN",
    "missing_scope",
    `This API key lacks the scope ${scope}. Use a key that has it, or have one created`,
    { scope },
  );
}
