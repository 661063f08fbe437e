import { LetheError } from "@lethe/core";
import { type Client, clientOf } from "../http/client.ts";
import type { Host } from "../http/host.ts";

/**
 * Refuses what a browser sends with its cookie on behalf of somebody else's page (CSRF): the `Origin`
 * (RFC 6454) has to be the scheme, host and port that the browser sent the request to. A missing or opaque
 * (`null`) one is not.
 */
export function requireSameOrigin(
  services: { trustProxy: number },
  headers: Headers,
  { incoming }: Host,
): void {
  const client = clientOf(services, headers, incoming?.socket);
  const origin = headers.get("origin");
  const own = originOf(`${client.scheme}://${client.host}`);
  if (own !== null && origin !== null && originOf(origin) === own) return;
  throw new LetheError("FORBIDDEN", "origin_refused", explain(origin, client));
}

/** The same for all ways to write one; null for what is none. */
function originOf(text: string): string | null {
  const url = URL.parse(text);
  return url === null || url.origin === "null" ? null : url.origin;
}

function explain(origin: string | null, { scheme, host }: Client): string {
  if (scheme === "http" && origin !== null && originOf(origin) === originOf(`https://${host}`))
    return (
      "This page came over https, but the request did not as far as the server can tell. Behind a proxy " +
      "that ends TLS the server has to be started with LETHE_TRUST_PROXY=1, and the proxy has to send X-Forwarded-Proto."
    );
  return "A change by session cookie needs an Origin header that names this host. Programs should send X-API-Key instead.";
}
