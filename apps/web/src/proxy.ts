import { type NextRequest, NextResponse } from "next/server";

/**
 * Gives every page a content security policy (W3C CSP level 3) with a nonce of its own: only scripts that
 * this answer names may run. Next reads the nonce from the request's copy of the header and puts it on
 * its scripts; a page reads it from `x-nonce` for scripts of its own, and its own address from `x-address`. Styles stay open to inline
 * attributes, which virtual lists position their rows with.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  // React's development build explains errors by evaluating code.
  // biome-ignore lint/style/noProcessEnv: Next puts the value in when it compiles this file.
  const evaluation = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evaluation}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("x-address", request.nextUrl.pathname + request.nextUrl.search);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

/**
 * All that could be a page, whatever its name ends in: what is nowhere is answered with one, too. The API answers data,
 * and files under `_next` are the same for everyone.
 */
export const config = {
  matcher: [
    {
      source:
        "/((?!api/|docs(?:/|$)|(?:livez|readyz|metrics|version|llms(?:-full)?\\.txt|\\.well-known/jwks\\.json)$|_next/static/|_next/image$).*)",
    },
  ],
};
