import { hash, randomBytes, randomInt } from "node:crypto";
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
  z.object({
    id: z.string(),
    tenantId: provenTenantId,
    apiKeyId: z.string(),
    scopes: z.array(z.string()).transform((scopes) => scopes.filter(isScope)),
    expiresInMs: z.number().nullable(),
  }),
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

/** Longer texts are no credential of ours and are not worth hashing. */
const maxLength = 200;
/** Digits and letters that are not mistaken for one another (Crockford's base 32, in lower case). */
const readable = "0123456789abcdefghjkmnpqrstvwxyz";

/** 256 random bits, base64url (RFC 4648): 43 characters. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** The part of a key that people may see and say: "lethe_" and eight characters. */
export function randomPrefix(): string {
  return `lethe_${Array.from({ length: 8 }, () => readable.charAt(randomInt(readable.length))).join("")}`;
}

/**
 * The SHA-256 of a credential: all that is ever stored of it. A plain hash is enough, since what it hides
 * has 256 random bits. Undefined for a text that cannot be one.
 */
export function hashSecret(secret: string): Uint8Array<ArrayBuffer> | undefined {
  if (secret.length === 0 || secret.length > maxLength) return undefined;
  return new Uint8Array(hash("sha256", secret, "buffer"));
}
