import { hash, randomBytes, randomInt } from "node:crypto";
import { z } from "zod";
import type { TenantId } from "../context.ts";
import { LetheError } from "../errors.ts";
import { type Role, roleSchema, roleScopes } from "./roles.ts";
import { grantedScopes, type Scope } from "./scopes.ts";

/** Who a caller has proved to be. */
export type Principal = {
  /** `session`: a browser that was signed in with an API key. */
  kind: "api_key" | "session" | "person";
  /** The id of the key, of the session that was made with one, or of the person: what the ledger calls the actor. */
  id: string;
  /** What people call them at this time: a key by name and prefix, a person by name and address. */
  name: string;
  tenantId: TenantId;
  /** The key itself, or the key that the session was made with; null for a person. */
  apiKeyId: string | null;
  /** The browser's session; null for a key. */
  sessionId: string | null;
  /** Whom limits count: the key or the person. */
  holderId: string;
  /** A person's; null for what goes by the scopes of a key. */
  role: Role | null;
  scopes: readonly Scope[];
  /** The token that stands for the key; none for the key itself, and for sessions. */
  token?: {
    id: string;
    /** The only chats that it is for; null: all of the tenant. */
    chatIds: readonly string[] | null;
    /** What stands for the key where repetitions are recognised. */
    seed: string;
  };
};

/** A principal and for how many milliseconds from the look-up it may be believed at most (null: for ever). */
export type FoundPrincipal = { principal: Principal; expiresInMs: number | null };

const isTenantId = (id: string): id is TenantId => id.length > 0;

/** A tenant's id as the database answered it for a caller who has proved to be that tenant. */
export const provenTenantId = z.string().refine(isTenantId);

const proven = { tenantId: provenTenantId, expiresInMs: z.number().nullable() };

/** Rows of the statements that look a credential up. */
export const principalRows = z.array(
  z
    .discriminatedUnion("kind", [
      z.object({
        kind: z.enum(["api_key", "session"]),
        id: z.string(),
        apiKeyId: z.string(),
        name: z.string(),
        prefix: z.string(),
        scopes: z.array(z.string()),
        ...proven,
      }),
      z.object({
        kind: z.literal("person"),
        id: z.string(),
        sessionId: z.string(),
        name: z.string(),
        email: z.string(),
        role: roleSchema,
        ...proven,
      }),
    ])
    .transform((row): FoundPrincipal => {
      const { kind, id, tenantId, expiresInMs } = row;
      if (row.kind === "person") {
        const { sessionId, role } = row;
        const name = personLabel(row);
        const scopes = roleScopes[role];
        return {
          principal: { kind, id, name, tenantId, apiKeyId: null, sessionId, holderId: id, role, scopes },
          expiresInMs,
        };
      }
      const { apiKeyId } = row;
      const sessionId = kind === "session" ? id : null;
      const scopes = grantedScopes(row.scopes);
      return {
        principal: {
          kind,
          id,
          name: keyLabel(row),
          tenantId,
          apiKeyId,
          sessionId,
          holderId: apiKeyId,
          role: null,
          scopes,
        },
        expiresInMs,
      };
    }),
);

/** What a key is called where it has done something. */
export const keyLabel = ({ name, prefix }: { name: string; prefix: string }): string => `${name} (${prefix})`;

/** What a person is called where they have done something. */
export const personLabel = ({ name, email }: { name: string; email: string }): string => `${name} (${email})`;

const remedies = {
  "API key": "Check the key, or have another created",
  session: "Sign in again",
  token: "Ask your server for another",
};

/** The one answer for a wrong, revoked or expired credential: it does not say which. */
export function invalidCredentials(what: keyof typeof remedies): LetheError {
  return new LetheError(
    "UNAUTHORIZED",
    "invalid_credentials",
    `The ${what} is unknown, expired or revoked. ${remedies[what]}`,
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
  return secret.length === 0 || secret.length > maxLength ? undefined : hashOf(secret);
}

/** The SHA-256 of any text. */
export const hashOf = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(hash("sha256", text, "buffer"));
