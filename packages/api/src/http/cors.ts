/** What pages of other origins may ask for. What is only for who comes with a cookie is not. */
const shared = /^\/api\/(?:v1|trpc)(?:[/?]|$)/;

/** Longer than any browser remembers a preflight: Firefox a day, Chromium two hours. Seconds. */
const maxAge = 86_400;

const methods = "GET, HEAD, POST, PUT, PATCH, DELETE";

/** What a caller may send besides what every page may (Fetch standard, "CORS-safelisted request-header"). */
const requestHeaders = [
  "Authorization",
  "Content-Type",
  "Idempotency-Key",
  "If-Match",
  "If-None-Match",
  "Last-Event-ID",
  "X-API-Key",
  "X-Request-Id",
  "traceparent",
  "tracestate",
  "trpc-accept",
].join(", ");

/** Every header of an answer that tells a caller something, but for those that every page may read. */
const exposedHeaders = [
  "Accept",
  "Accept-Encoding",
  "Allow",
  "Content-Disposition",
  "ETag",
  "Idempotency-Replayed",
  "Location",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "WWW-Authenticate",
  "X-Request-Id",
].join(", ");

/** What of a request decides whether a page may read its answer. */
type Asked = { method: string; path: string; header: (name: string) => string | undefined };

/**
 * The headers by which a browser lets pages of allowed origins read an answer (Fetch standard, "CORS protocol"). A page of
 * another origin gets none, but `Vary`, so that no cache gives it the answer of another. Nobody gets
 * `Access-Control-Allow-Credentials`: no page of another origin reads what a cookie opens.
 *
 * @param allowedOrigins as `URL.origin` writes them; with none, nothing is said
 */
export function corsHeaders(
  allowedOrigins: ReadonlySet<string>,
  { method, path, header }: Asked,
): Record<string, string> {
  if (allowedOrigins.size === 0 || !shared.test(path)) return {};
  const origin = header("origin");
  if (origin === undefined || !allowedOrigins.has(origin)) return { Vary: "Origin" };
  const allowed = { Vary: "Origin", "Access-Control-Allow-Origin": origin };
  if (method !== "OPTIONS" || header("access-control-request-method") === undefined)
    return { ...allowed, "Access-Control-Expose-Headers": exposedHeaders };
  return {
    ...allowed,
    "Access-Control-Allow-Methods": methods,
    "Access-Control-Allow-Headers": requestHeaders,
    "Access-Control-Max-Age": `${maxAge}`,
  };
}

/**
 * Whether it is an allowed page's question whether it may ask, by the headers of its answer. It comes without a key, and
 * wherever it asks: so a page that has an address wrong reads that it is 404.
 */
export const isPreflight = (cors: Record<string, string>): boolean =>
  cors["Access-Control-Allow-Methods"] !== undefined;

/** `Vary` of an answer that is chosen by the `first` and the `second` request headers. */
export const varyOf = (first: string | null | undefined, second: string | undefined) =>
  [first, second].filter(Boolean).join(", ");
