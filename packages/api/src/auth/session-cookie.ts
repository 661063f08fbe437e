import { parse, serialize } from "hono/utils/cookie";
import { sessionCookies } from "../schemas/index.ts";

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
