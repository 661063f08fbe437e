import { LetheError } from "../errors.ts";

/** What a key may be allowed to do. */
export const scopes = [
  "chats:read",
  "chats:write",
  /** To delete, and to move into the trash and out of it. */
  "chats:delete",
  /** To put chats on hold and to release them, which is to allow their deletion again. */
  "holds:write",
  /** To change what holds for the whole tenant: retention, webhooks. */
  "settings:write",
] as const;
export type Scope = (typeof scopes)[number];

/** Throws FORBIDDEN (missing_scope) unless the caller's key has the scope. */
export function requireScope(principal: { scopes: readonly Scope[] }, scope: Scope): void {
  if (principal.scopes.includes(scope)) return;
  throw new LetheError(
    "FORBIDDEN",
    "missing_scope",
    `This API key lacks the scope ${scope}. Use a key that has it, or have one created`,
    { scope },
  );
}
