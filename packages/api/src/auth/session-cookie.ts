import { parse, serialize } from "hono/utils/cookie";

/** The cookie that a signed-in browser carries. */
export const sessionCookie = "lethe_session";

/** The session token in a `Cookie` header, or undefined. */
export const readSessionToken = (cookieHeader: string | null | undefined): string | undefined =>
  cookieHeader ? parse(cookieHeader, sessionCookie)[sessionCookie] : undefined;

/**
 * A `Set-Cookie` header that pages' scripts cannot read and that other sites' requests do not carry
 * (RFC 6265bis).
 *
 * @param options `secure` for a browser that came by https; `expires` in the past takes the cookie away
 */
export const writeSessionCookie = (token: string, options: { secure: boolean; expires: Date }): string =>
  serialize(sessionCookie, token, { path: "/", httpOnly: true, sameSite: "Lax", ...options });
