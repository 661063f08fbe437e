import { z } from "zod";
import type { TenantId } from "../context.ts";
import { LetheError } from "../errors.ts";
import { type Scope, scopes } from "./scopes.ts";

/** Who a caller has proved to be. */
export type Principal = {
  kind: "api_key" | "session";
  /** The id of the key or session: what the ledger calls the actor. */
  id: string;
  tenantId: TenantId;
  /** The key itself, or the key that the session was made with. */
  apiKeyId: string;
  /** The key's. */
  scopes: readonly Scope[];
};

/** A principal and for how many milliseconds from the look-up it may be believed at most (null: for ever). */
export type FoundPrincipal = { principal: Principal; expiresInMs: number | null };

const isScope = (scope: string): scope is Scope => scopes.some((known) => known === scope);
const isTenantId = (id: string): id is TenantId => id.length > 0;

/** A tenant's id as the database answered it for a caller who has proved to be that tenant. */
export const provenTenantId = z.string().refine(isTenantId);

/** Rows of the statements that look a credential up. Scopes of a newer version grant nothing here. */
export const principalRows = z.array(
  z
    .object({
      id: z.string(),
      tenant_id: provenTenantId,
      api_key_id: z.string(),
      scopes: z.array(z.string()),
      expires_in_ms: z.number().nullable(),
    })
    .transform((row) => ({
      id: row.id,
      tenantId: row.tenant_id,
      apiKeyId: row.api_key_id,
      scopes: row.scopes.filter(isScope),
      expiresInMs: row.expires_in_ms,
    })),
);

/** The one answer for a wrong, revoked or expired credential: it does not say which. */
export function invalidCredentials(what: "API key" | "session"): LetheError {
  const remedy = what === "API key" ? "Check the key, or have another created" : "Sign in again";
  return new LetheError(
    "UNAUTHORIZED",
    "invalid_credentials",
    `The ${what} is unknown, expired or revoked. ${remedy}`,
  );
}
