import { LetheError, type Scope } from "@lethe/core";

/** Refuses who lacks `scope`, and names it. */
export function requireScope({ scopes }: { scopes: readonly Scope[] }, scope: Scope): void {
  if (scopes.includes(scope)) return;
  throw new LetheError(
    "FORBIDDEN",
    "missing_scope",
    `The API key lacks the scope ${scope}; use one that has it`,
    {
      scope,
    },
  );
}
