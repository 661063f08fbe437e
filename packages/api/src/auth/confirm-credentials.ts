import { type Authenticator, requireScope, type Scope } from "@lethe/core";
import { toFailure } from "../errors/to-failure.ts";
import { authenticate } from "./authenticate.ts";

/**
 * How old the last look at the credentials of a long answer may be; milliseconds. With the authenticator's
 * cache of 3 s, a revoked key or session is shut out within 5 s.
 */
export const confirmEveryMs = 1_500;

/**
 * Throws UNAUTHORIZED or FORBIDDEN when the credentials of a request that is still being answered no longer
 * hold. A database that is away for a moment is no reason to send anybody off.
 */
export async function confirmCredentials(
  authenticator: Authenticator,
  headers: Headers,
  scope: Scope,
): Promise<void> {
  try {
    requireScope(await authenticate(authenticator, headers), scope);
  } catch (error) {
    if (["UNAUTHORIZED", "FORBIDDEN"].includes(toFailure(error).code)) throw error;
  }
}
