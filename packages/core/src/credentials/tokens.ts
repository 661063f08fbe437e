import { createPublicKey, hkdfSync, type KeyObject, randomUUID } from "node:crypto";
import { receiptIssuer } from "@lethe/receipts";
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { compactVerify } from "jose/jws/compact/verify";
import { SignJWT } from "jose/jwt/sign";
import { z } from "zod";
import { readClock } from "../clock.ts";
import type { Context } from "../context.ts";
import { getSigningKey, type SigningKey } from "../receipts/signing-keys.ts";
import { invalidCredentials } from "./principal.ts";
import { grantedScopes, requireCovers, type Scope } from "./scopes.ts";

/** The `typ` of a token's protected header (RFC 7515, section 4.1.9): nothing else that is signed is a token. */
const tokenType = "lethe-token+jwt";

/** One with as many chats as it may have is some 5,400 characters long. */
const maxLength = 8_192;

const claimsSchema = z.object({
  iss: z.literal(receiptIssuer),
  /** The API key that it was made with. */
  sub: z.guid(),
  tenant_id: z.guid(),
  /** Separated by spaces (RFC 8693, section 4.2). */
  scope: z.string(),
  /** The only chats that it is for; none named: all of the tenant. */
  chat_ids: z.array(z.guid()).optional(),
  exp: z.int(),
  jti: z.guid(),
  seed: z.string(),
});

/** What a token says whose signature is right: it may be over, and its key revoked. */
export type TokenClaims = {
  id: string;
  tenantId: string;
  apiKeyId: string;
  scopes: readonly string[];
  chatIds: readonly string[] | null;
  /** Milliseconds since the epoch, by the database's clock. */
  expiresAt: number;
  seed: string;
  /** Which key has signed it. */
  kid: string;
};

export type CreateToken = {
  /** The API key as its holder sent it, and its id and scopes. */
  apiKey: string;
  apiKeyId: string;
  held: readonly Scope[];
  scopes: readonly Scope[];
  /** Seconds. */
  expiresIn: number;
  /** Undefined: all chats of the tenant. */
  chatIds?: readonly string[] | undefined;
};

/**
 * Makes a token for less than an API key may do, and for a short time: a JWT (RFC 7519), signed by the key that signs
 * receipts. It is stored nowhere. It ends with its API key, and with the key that signed it.
 *
 * Throws FORBIDDEN (beyond_own_rights), and UNAUTHORIZED for a key that was revoked meanwhile.
 */
export async function createToken(
  { db, tenantId }: Pick<Context, "db" | "tenantId">,
  { apiKey, apiKeyId, held, scopes, expiresIn, chatIds }: CreateToken,
): Promise<{ token: string; expiresAt: Date; scopes: Scope[]; chatIds: string[] | null }> {
  const granted = grantedScopes(scopes);
  requireCovers(held, granted);
  const key = await db.apiKey.findFirst({
    where: { tenantId, id: apiKeyId, revokedAt: null },
    select: { expiresAt: true },
  });
  if (key === null) throw invalidCredentials("API key");
  const [{ kid, privateKey }, clock] = await Promise.all([getSigningKey(db), readClock(db)]);
  const now = Math.floor(clock().getTime() / 1_000);
  const keyEnds = key.expiresAt ? Math.floor(key.expiresAt.getTime() / 1_000) : Number.POSITIVE_INFINITY;
  const exp = Math.min(now + expiresIn, keyEnds);
  const scope = granted.join(" ");
  const only = chatIds && [...new Set(chatIds)].toSorted();
  const token = await new SignJWT({
    ...{ tenant_id: tenantId, scope, seed: seedOf(apiKey, [scope, ...(only ?? [])]) },
    ...(only && { chat_ids: only }),
  })
    .setProtectedHeader({ alg: "EdDSA", typ: tokenType, kid })
    .setIssuer(receiptIssuer)
    .setSubject(apiKeyId)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(exp)
    .sign(privateKey);
  return { token, expiresAt: new Date(exp * 1_000), scopes: granted, chatIds: only ?? null };
}

/**
 * What idempotency keys are kept under where a token stands in the place of its API key: the same for all tokens that the
 * key makes for the same, so that a repetition is known under the next token too, and another for any other.
 */
const seedOf = (apiKey: string, of: readonly string[]) =>
  Buffer.from(hkdfSync("sha256", apiKey, "lethe", `token ${of.join(" ")}`, 32)).toString("base64url");

/** Whether a text is meant to be a token of ours; others may have bearer tokens of their own on the way here. */
export function isToken(text: string): boolean {
  return text.length <= maxLength && headerOf(text)?.typ === tokenType;
}

function headerOf(text: string) {
  try {
    return decodeProtectedHeader(text);
  } catch {
    return undefined;
  }
}

/** The kid that a token says it is signed by; undefined where it says none. */
export const kidOf = (token: string): string | undefined => headerOf(token)?.kid;

const publicKeys = new WeakMap<SigningKey, KeyObject>();

/** What a token says that this key has signed; null for any other text. */
export async function readToken(key: SigningKey, token: string): Promise<TokenClaims | null> {
  const publicKey = publicKeys.get(key) ?? createPublicKey(key.privateKey);
  publicKeys.set(key, publicKey);
  const verified = await compactVerify(token, publicKey, { algorithms: ["EdDSA"] }).catch(() => null);
  if (verified?.protectedHeader.typ !== tokenType) return null;
  const claims = claimsSchema.safeParse(JSON.parse(new TextDecoder().decode(verified.payload))).data;
  if (claims === undefined) return null;
  return {
    id: claims.jti,
    tenantId: claims.tenant_id,
    apiKeyId: claims.sub,
    scopes: claims.scope.split(" "),
    chatIds: claims.chat_ids ?? null,
    expiresAt: claims.exp * 1_000,
    seed: claims.seed,
    kid: key.kid,
  };
}
