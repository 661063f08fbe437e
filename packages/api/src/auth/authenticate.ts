import {
  type Authenticator,
  isToken,
  LetheError,
  type Principal,
  requireScope,
  type Scope,
  type Sender,
  type TenantId,
} from "@lethe/core";
import { parse, serialize } from "hono/utils/cookie";
import { toFailure } from "../errors/to-failure.ts";
import { clientOf, networkOf } from "../http/client.ts";
import type { Host } from "../http/host.ts";
import { sessionCookies } from "../schemas/index.ts";

/** Where what a request brings along counts when it is wrong. Nowhere, where the host does not tell the address. */
export function senderOf(services: { trustProxy: number }, headers: Headers, { incoming }: Host): Sender {
  return () => {
    const { address } = clientOf(services, headers, incoming?.socket);
    return address && networkOf(address);
  };
}

/**
 * Who sent a request with this `X-API-Key`.
 *
 * @param sender counts wrong keys; leave it out for one that was right when the request came
 * @throws UNAUTHORIZED, TOO_MANY_REQUESTS (too_many_wrong_keys), or BAD_REQUEST for more than one key
 */
export async function authenticateKey(
  authenticator: Authenticator,
  apiKey: string | null | undefined,
  sender?: Sender,
): Promise<Principal> {
  if (!apiKey)
    throw missingCredentials(
      "Send one of your tenant's API keys in the X-API-Key header, or a token of one as Authorization: Bearer",
    );
  // A header that comes twice is put together with a comma, which no key has.
  if (apiKey.includes(",")) throw twoKeys();
  return authenticator.apiKey(apiKey, sender);
}

/**
 * Who sent a request of a program with these headers: by an API key, or by a token of one. Throws the same.
 *
 * @param header reads one of them
 */
export async function authenticateProgram(
  authenticator: Authenticator,
  header: (name: string) => string | null | undefined,
  sender?: Sender,
): Promise<Principal> {
  const apiKey = header("x-api-key");
  const token = apiKey === null || apiKey === undefined ? readToken(header("authorization")) : undefined;
  return token === undefined
    ? authenticateKey(authenticator, apiKey, sender)
    : authenticator.token(token, sender);
}

const bearer = /^Bearer +([\w.-]+)$/i;

/** The token in an `Authorization` header (RFC 6750). What else is there may be for a proxy on the way. */
function readToken(header: string | null | undefined): string | undefined {
  const text = header && bearer.exec(header)?.[1];
  return text && isToken(text) ? text : undefined;
}

/**
 * Who sent a request with these headers: an API key or a token, which somebody has put there, counts before a session cookie, which
 * browsers add to whatever a page asks for. Throws the same.
 */
export async function authenticate(
  authenticator: Authenticator,
  headers: Headers,
  sender?: Sender,
): Promise<Principal> {
  if (headers.has("x-api-key") || readToken(headers.get("authorization")) !== undefined)
    return authenticateProgram(authenticator, (name) => headers.get(name), sender);
  const [token] = readSessionTokens(headers.get("cookie"));
  if (!token)
    throw missingCredentials(
      "Sign in, or send one of your tenant's API keys in the X-API-Key header, or a token of one as Authorization: Bearer",
    );
  return authenticator.session(token, sender);
}

const missingCredentials = (message: string) =>
  new LetheError("UNAUTHORIZED", "missing_credentials", message);

const twoKeys = () =>
  new LetheError(
    "BAD_REQUEST",
    "invalid_request",
    "X-API-Key is there more than once, or has a comma in it; send one key",
  );

/**
 * How old the last look at the credentials of a long answer may be; milliseconds. With what the authenticator remembers
 * (0.8 s), a session that ended and a revoked key are shut out within 2 s.
 */
export const confirmEveryMs = 800;

/** What a long answer was begun with. */
type Begun = { scope: Scope; tenantId: TenantId };

/**
 * Throws UNAUTHORIZED or FORBIDDEN when the credentials of a request no longer hold for what it began: the person may look
 * at another tenant meanwhile.
 */
export async function confirmPrincipal(
  authenticator: Authenticator,
  headers: Headers,
  { scope, tenantId }: Begun,
): Promise<void> {
  const principal = await authenticate(authenticator, headers);
  if (principal.tenantId !== tenantId)
    throw new LetheError("UNAUTHORIZED", "invalid_credentials", "You have gone to another tenant");
  requireScope(principal, scope);
}

/** The same for an answer that goes on where nobody can say: a database that is away for a moment sends nobody off. */
export async function confirmCredentials(
  authenticator: Authenticator,
  headers: Headers,
  begun: Begun,
): Promise<void> {
  try {
    await confirmPrincipal(authenticator, headers, begun);
  } catch (error) {
    if (["UNAUTHORIZED", "FORBIDDEN"].includes(toFailure(error).code)) throw error;
  }
}

const [boundCookie, plainCookie] = sessionCookies;

/** The session tokens in a `Cookie` header, the one that counts first. */
export const readSessionTokens = (cookieHeader: string | null | undefined): string[] =>
  sessionCookies.flatMap((name) => (cookieHeader && parse(cookieHeader, name)[name]) || []);

/**
 * `Set-Cookie` headers for a cookie that pages' scripts cannot read and that other sites' requests do not carry
 * (RFC 6265bis). Over https it is one that neither a sibling's host nor a page over http can have set, and
 * takes the place of a plain one.
 *
 * @param options `secure` for a browser that came by https; `maxAge` in seconds, which are counted by the
 *   browser whatever its clock says; 0 takes the cookie away
 */
export function writeSessionCookie(token: string, options: { secure: boolean; maxAge: number }): string[] {
  const attributes = { path: "/", httpOnly: true, sameSite: "Lax" } as const;
  if (!options.secure) return [serialize(plainCookie, token, { ...attributes, ...options })];
  return [
    serialize(boundCookie, token, { ...attributes, secure: true, maxAge: options.maxAge }),
    serialize(plainCookie, "", { ...attributes, secure: true, maxAge: 0 }),
  ];
}
