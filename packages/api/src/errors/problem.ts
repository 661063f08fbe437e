import type { Problem } from "../schemas/index.ts";
import { type Failure, type HttpFailureCode, httpErrorTable, retryAfter } from "./failure.ts";

/** The members of a failure that every transport shows under the same names. */
export function problemMembers(failure: Failure<HttpFailureCode>) {
  const { activeConnections, version, scope } = failure.details;
  const seconds = retryAfter(failure);
  return {
    ...(failure.errors && { errors: failure.errors }),
    ...(activeConnections !== undefined && { active_connections: activeConnections }),
    ...(seconds !== undefined && { retry_after: seconds }),
    ...(version !== undefined && { version }),
    ...(scope !== undefined && { scope }),
  };
}

/** A failure as a problem document (RFC 9457). */
export function toProblem(failure: Failure<HttpFailureCode>, requestId: string): Problem {
  const { status, title } = httpErrorTable[failure.code];
  return {
    type: `urn:lethe:problem:${failure.reason}`,
    title,
    status,
    detail: failure.message,
    code: failure.reason,
    request_id: requestId,
    success: false,
    message: failure.message,
    ...problemMembers(failure),
  };
}

/** The headers that belong to a failure, whatever its body (RFC 9110, sections 10.2.1, 10.2.3, 11.6.1, 12.5.1, 12.5.3). */
export function failureHeaders(failure: Failure<HttpFailureCode>): Record<string, string> {
  const seconds = retryAfter(failure);
  return {
    ...(seconds !== undefined && { "Retry-After": String(seconds) }),
    ...(failure.allow && { Allow: failure.allow.join(", ") }),
    ...(failure.code === "UNSUPPORTED_MEDIA_TYPE" && {
      Accept: "application/json",
      "Accept-Encoding": "identity",
    }),
    ...(failure.code === "UNAUTHORIZED" && {
      "WWW-Authenticate": 'ApiKey realm="lethe", header="X-API-Key", Bearer realm="lethe"',
    }),
  };
}

/** A failure as a whole HTTP answer. */
export function problemResponse(failure: Failure<HttpFailureCode>, requestId: string): Response {
  return new Response(JSON.stringify(toProblem(failure, requestId)), {
    status: httpErrorTable[failure.code].status,
    headers: { "Content-Type": "application/problem+json", ...failureHeaders(failure) },
  });
}
