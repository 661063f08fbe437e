import type { RouteConfig } from "@hono/zod-openapi";
import { errorTable, isFailureCode } from "../errors/error-table.ts";
import type { FailureCode } from "../errors/failure.ts";
import { problemSchema } from "../schemas/index.ts";
import type { RestRoute } from "./route.ts";

/** The name of the security scheme in the OpenAPI document. */
export const apiKeyScheme = "ApiKey";

/** A route as the OpenAPI document has it, but for what `describeEverywhere` says of all. */
export function describeRoute(route: RestRoute): RouteConfig {
  const { scope, method, path, operationId, summary, description, tag, places, successes, problems } = route;
  const { params, query, body } = places;
  return {
    method,
    path: `/api/v1${path}`,
    operationId,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    security: [{ [apiKeyScheme]: [scope] }],
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...(body && { body: { required: true, content: { "application/json": { schema: body } } } }),
    },
    responses: {
      ...successes,
      ...problemAnswers({
        ...problems,
        ...(params && notFound(path, problems?.NOT_FOUND)),
        ...(body && bodyProblems),
      }),
    },
  };
}

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

const bodyProblems = {
  PAYLOAD_TOO_LARGE: "The body is too large",
  UNSUPPORTED_MEDIA_TYPE: "The body is not application/json",
};

/** What the last name of a path stands for. Where it is none of these, the route says itself what is not found. */
const things: Record<string, string> = {
  chat_id: "Chat",
  deletion_id: "Deletion",
  job_id: "Deletion job",
  webhook_id: "Webhook",
  delivery_id: "Webhook or delivery",
};

function notFound(path: string, own: string | undefined) {
  const thing = things[[...path.matchAll(/\{(\w+)\}/g)].at(-1)?.[1] ?? ""];
  const description = own ?? (thing && `${thing} not found or doesn't belong to your tenant`);
  if (description === undefined) throw new TypeError(`Nothing says what is not found at ${path}`);
  return { NOT_FOUND: description };
}

/** The failures that can pass by themselves, and whether all of their kind do. */
const withRetryAfter: Partial<Record<FailureCode, { required: boolean }>> = {
  CONFLICT: { required: false },
  TOO_MANY_REQUESTS: { required: true },
  SERVICE_UNAVAILABLE: { required: true },
};

function problemAnswers(own: Partial<Record<FailureCode, string>>) {
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
