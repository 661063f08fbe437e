import { LetheError } from "@lethe/core";

/**
 * Whether a request comes from a page of this very host: its `Origin` names the host that the request was
 * sent to. A missing or opaque (`null`) origin does not.
 */
export function isSameOrigin(origin: string | null | undefined, host: string | null | undefined): boolean {
  if (!origin || !host || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  const own = `${protocol}//${host}`;
  return originHost !== "" && URL.canParse(own) && new URL(own).host === originHost;
}

/** Refuses what a browser sends with its cookie on behalf of somebody else's page (CSRF). */
export function requireSameOrigin(headers: Headers): void {
  if (isSameOrigin(headers.get("origin"), headers.get("host"))) return;
  throw new LetheError(
    "FORBIDDEN",
    "origin_refused",
    "A change by session cookie needs an Origin header that names this host. Programs should send X-API-Key instead.",
  );
}
