import { errorTable, isFailureCode } from "../errors/error-table.ts";
import type { FailureCode } from "../errors/failure.ts";
import { problemSchema } from "../schemas/index.ts";

const everywhere: Partial<Record<FailureCode, string>> = {
  BAD_REQUEST: "Malformed; `errors` names each field and the fix",
  UNAUTHORIZED: "Invalid or missing API key",
  FORBIDDEN: "The key lacks the scope that `scope` names",
  TOO_MANY_REQUESTS:
    "The key has made its calls of this minute (`rate_limited`), too much of one kind is under way, which `code` names, or too many wrong keys have come from the address (`too_many_wrong_keys`)",
  INTERNAL_SERVER_ERROR: "Server error processing the request; the log has it under the request id",
  SERVICE_UNAVAILABLE:
    "The database is away or overloaded, or all tenants together have too much of one kind under way, which `code` names; nothing was changed",
};

/** The failures that can pass by themselves, and whether all of their kind do. */
const withRetryAfter: Partial<Record<FailureCode, { required: boolean }>> = {
  CONFLICT: { required: false },
  TOO_MANY_REQUESTS: { required: true },
  SERVICE_UNAVAILABLE: { required: true },
};

/**
 * The failures that a route can answer, as the OpenAPI document shows them.
 *
 * @param own what the route adds to those that every route has, by code
 */
export function problemAnswers(own: Partial<Record<FailureCode, string>>) {
  const descriptions = { ...everywhere, ...own };
  return Object.fromEntries(
    Object.keys(descriptions)
      .filter(isFailureCode)
      .map((code) => [
        errorTable[code].status,
        problemAnswer(code, descriptions[code] ?? errorTable[code].title),
      ]),
  );
}

function problemAnswer(code: FailureCode, description: string) {
  const retry = withRetryAfter[code];
  const schema = { type: "integer" as const, minimum: 0 };
  return {
    description,
    content: { "application/problem+json": { schema: problemSchema } },
    ...(retry && { headers: { "Retry-After": { ...retry, schema, description: "Seconds" } } }),
  };
}
