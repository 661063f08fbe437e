import { createHash, timingSafeEqual } from "node:crypto";

/** Where `/metrics` is answered, and to whom. */
export type MetricsAccess = {
  /** Whether that is a port of its own: then it is nowhere else. */
  apart: boolean;
  /** What callers must show, as `Authorization: Bearer …`; undefined: nothing. A secret: never print it. */
  token?: string | undefined;
};

/** What is answered to others, with 401. */
export const scrapeRefusal = {
  headers: { "WWW-Authenticate": 'Bearer realm="lethe metrics"' },
  text: "Show what LETHE_METRICS_TOKEN is, as Authorization: Bearer <token>.\n",
};

/**
 * Whether the header `Authorization` (RFC 6750, section 2.1) opens the figures. How long it takes tells nothing of how much
 * was right.
 */
export function mayScrape(
  { token }: Pick<MetricsAccess, "token">,
  authorization: string | undefined,
): boolean {
  if (token === undefined) return true;
  const [, shown = ""] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  return timingSafeEqual(digest(shown), digest(token));
}

/** Of one length, whatever was shown. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
