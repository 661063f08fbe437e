import type { RouteConfig } from "@hono/zod-openapi";
import type { Scope } from "@lethe/core";
import { usualScopes } from "@lethe/core/limits";
import { errorTable, type FailureCode, isFailureCode } from "../errors/failure.ts";
import type { ApiApp } from "../http/env.ts";
import { problemSchema, scopeMember } from "../schemas/index.ts";
import type { RestRoute } from "./route.ts";

/** The name of the security scheme in the OpenAPI document. */
export const apiKeyScheme = "ApiKey";
/** The same of tokens. */
export const tokenScheme = "Token";
const tokenScopes: readonly Scope[] = usualScopes;

/** A route as the OpenAPI document has it, but for what `describeEverywhere` says of all. */
export function describeRoute(route: RestRoute): RouteConfig {
  const { scope, method, path, operationId, summary, description, tag, places, successes, problems } = route;
  const { params, query, body } = places;
  return {
    method,
    path: `/api/v1${path}`,
    operationId,
    summary,
    description: [description, takesScope(scope)].filter(Boolean).join(" "),
    tags: [tag],
    ...(scope !== null && { [scopeMember]: scope }),
    // What takes no scope takes the key itself.
    security: [
      { [apiKeyScheme]: [] },
      ...(scope !== null && tokenScopes.includes(scope) ? [{ [tokenScheme]: [] }] : []),
    ],
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

const takesScope = (scope: Scope | null) =>
  scope === null ? "Takes an API key, whatever it may do." : `Takes the scope \`${scope}\`.`;

const everywhere: Partial<Record<FailureCode, string>> = {
  BAD_REQUEST: "Malformed (`invalid_request`); `errors` names each field and the fix",
  UNAUTHORIZED: "Invalid (`invalid_credentials`) or missing (`missing_credentials`) API key or token",
  FORBIDDEN:
    "The key or token lacks the scope that `scope` names (`missing_scope`), or the token is for other chats (`outside_token`)",
  TOO_MANY_REQUESTS:
    "The key has made its calls of this minute (`rate_limited`), has too much of one kind under way (`too_many_exports`, `too_many_searches`), or too many wrong keys have come from the address (`too_many_wrong_keys`)",
  INTERNAL_SERVER_ERROR:
    "Server error processing the request (`internal_error`); the log has it under the request id",
  SERVICE_UNAVAILABLE:
    "The database is away or overloaded (`unavailable`), somebody keeps the chat locked (`chat_busy`), or all tenants together have too much of one kind under way (`too_many_exports`, `too_many_searches`); nothing was changed",
};

const bodyProblems = {
  PAYLOAD_TOO_LARGE: "The body is too large (`payload_too_large`)",
  UNSUPPORTED_MEDIA_TYPE: "The body is not application/json in UTF-8 (`unsupported_media_type`)",
};

/** What the last name of a path stands for. Where it is none of these, the route says itself what is not found. */
const things: Record<string, string> = {
  chat_id: "Chat (`chat_not_found`)",
  deletion_id: "Deletion (`deletion_not_found`)",
  job_id: "Deletion job (`deletion_job_not_found`)",
  webhook_id: "Webhook (`webhook_not_found`)",
  delivery_id: "Webhook (`webhook_not_found`) or delivery (`delivery_not_found`)",
  person_id: "Member (`member_not_found`)",
  invitation_id: "Invitation (`invitation_not_found`)",
  key_id: "API key (`api_key_not_found`)",
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

export function problemAnswers(own: Partial<Record<FailureCode, string>>) {
  const descriptions: typeof own = { ...everywhere, ...own };
  for (const code of Object.keys(own).filter(isFailureCode))
    if (everywhere[code]) descriptions[code] = `${everywhere[code]}. Or: ${own[code]}`;
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

type Document = ReturnType<ApiApp["getOpenAPI31Document"]>;
type Operation = NonNullable<NonNullable<Document["paths"]>[string]["post"]>;
type Responses = NonNullable<Operation["responses"]>;

const parameter = {
  in: "header" as const,
  name: "Idempotency-Key",
  required: false,
  schema: { type: "string" as const, minLength: 1, maxLength: 255 },
  description:
    "Makes the request safe to send again: under the same key it is done once, and answered as the first " +
    "time for 24 hours. Use a new UUID for every new request.",
  example: '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
};

const text = { type: "string" as const };
const seconds = { schema: { type: "integer" as const, minimum: 0 }, description: "Seconds" };

/** The headers that many answers have, described once. */
const headers = {
  "X-Request-Id": {
    required: true,
    schema: { ...text, minLength: 1 },
    description: "Names the request in the log of the server: that of the request, if it had a good one.",
  },
  "RateLimit-Policy": {
    schema: text,
    description: "The limit: `q` calls in `w` seconds. None where the server has no limit.",
    example: '"default";q=6000;w=60',
  },
  RateLimit: {
    schema: text,
    description: "Where the API key stands: `r` calls are left, and `t` seconds until all are there again.",
    example: '"default";r=5999;t=60',
  },
  "Idempotency-Replayed": {
    schema: { ...text, enum: ["true"] },
    description: "The answer is that of an earlier request under the same Idempotency-Key",
  },
  "WWW-Authenticate": { required: true, schema: text, description: "How to show an API key or a token" },
  Accept: { required: true, schema: text, description: "The media type to send" },
  "Accept-Encoding": { required: true, schema: text, description: "The content coding to send" },
} satisfies NonNullable<NonNullable<Document["components"]>["headers"]>;

const refer = (...names: (keyof typeof headers)[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

const inUse = {
  ...problem("A request under the same Idempotency-Key is being worked on (`idempotency_key_in_use`)"),
  headers: { "Retry-After": seconds },
};
const reused = problem("The Idempotency-Key came with another request before (`idempotency_key_reused`)");
const anywhere = problem(
  "What HTTP itself refuses, whatever is asked for: a method, framing or size that cannot be taken, an expectation " +
    "that cannot be met, a request that does not arrive in time",
);

const condition = (name: string, description: string) => ({
  in: "header" as const,
  name,
  required: false,
  schema: text,
  description,
  example: '"3"',
});
const readConditions = [
  condition("If-Match", "Answer only if it still has one of these ETags; else 412"),
  condition("If-None-Match", "Answer only if it no longer has one of these ETags; else 304"),
];
const chatConditions = [
  condition("If-Match", "Only if the chat still has one of these ETags; else 412"),
  condition("If-None-Match", "Only if the chat has none of these ETags; else 412"),
];
const conditionsWithoutEtag = [
  condition("If-Match", "There is no ETag here: any but `*` answers 412"),
  condition("If-None-Match", "There is no ETag here: `*` answers 412"),
];

const notModified = {
  description: "`If-None-Match` lists the ETag that it has",
  headers: { ETag: { schema: text } },
};
const readFailed = problem("`If-Match` does not list the ETag that it has (`precondition_failed`)");
const chatDiffers = problem(
  "The chat is at a `version` that `If-Match` or `If-None-Match` does not allow (`version_mismatch`)",
);
const neverMet = problem("`If-Match` lists ETags, or `If-None-Match` is `*` (`precondition_failed`)");

/**
 * Tells in the document what holds for every operation: headers that all answers have, those of a status, refusals that
 * can happen to any request, preconditions, and what a POST or DELETE can do under an `Idempotency-Key`. Changes it.
 */
export function describeEverywhere(document: Document): void {
  document.components = { ...document.components, headers };
  sayDefaults(document);
  for (const [path, { get, put, post, patch, delete: remove }] of Object.entries(document.paths ?? {})) {
    // A handshake is no read of anything.
    if (path.endsWith("/live")) {
      if (get) describeAnswers(get);
      continue;
    }
    const [parameters, unmet] = path.includes("{chat_id}")
      ? [chatConditions, chatDiffers]
      : [conditionsWithoutEtag, neverMet];
    if (get) describeConditions(get, readConditions, { "304": notModified, "412": readFailed });
    for (const operation of [put, post, patch, remove])
      if (operation) describeConditions(operation, parameters, { "412": unmet });
    for (const operation of [post, remove])
      if (operation && !answersFile(operation)) describeRetries(operation);
    for (const operation of [get, put, post, patch, remove]) if (operation) describeAnswers(operation);
  }
}

function describeConditions(
  operation: Operation,
  parameters: NonNullable<Operation["parameters"]>,
  responses: NonNullable<Operation["responses"]>,
): void {
  operation.parameters = [...(operation.parameters ?? []), ...parameters];
  operation.responses = { ...operation.responses, ...responses };
}

function describeAnswers(operation: Operation): void {
  const responses: Responses = { ...operation.responses, default: anywhere };
  for (const [status, response] of Object.entries(responses))
    if ("description" in response)
      responses[status] = { ...response, headers: { ...response.headers, ...headersOf(status) } };
  operation.responses = responses;
}

/**
 * Says in words what a field of a body is when it is left out. Said as `default`, generators take the field for one that is
 * always there, in a request too.
 */
function sayDefaults({ components }: Document): void {
  for (const schema of Object.values(components?.schemas ?? {})) {
    if (!("properties" in schema)) continue;
    for (const [field, property] of Object.entries(schema.properties ?? {})) {
      if (!("default" in property)) continue;
      const { default: otherwise, description, ...rest } = property;
      const said = `Default \`${JSON.stringify(otherwise)}\`.`;
      Object.assign(schema.properties ?? {}, {
        [field]: { ...rest, description: [description, said].filter(Boolean).join(" ") },
      });
    }
  }
}

/** Who has no valid key is not counted. */
function headersOf(status: string) {
  if (status === "101") return {};
  if (status === "default") return refer("X-Request-Id");
  if (status === "401") return refer("X-Request-Id", "WWW-Authenticate");
  const counted = refer("X-Request-Id", "RateLimit-Policy", "RateLimit");
  return status === "415" ? { ...counted, ...refer("Accept", "Accept-Encoding") } : counted;
}

/** Whether it only reads, though it is a POST: a file is made anew each time. */
function answersFile({ responses }: Operation): boolean {
  const good = responses?.["200"];
  return good !== undefined && "content" in good && !("application/json" in (good.content ?? {}));
}

function describeRetries(operation: Operation): void {
  operation.parameters = [...(operation.parameters ?? []), parameter];
  const responses = operation.responses ?? {};
  for (const response of Object.values(responses))
    if ("description" in response)
      response.headers = { ...response.headers, ...refer("Idempotency-Replayed") };
  const own = responses["409"];
  const both =
    own && "description" in own
      ? { ...own, description: `${own.description}. Or: ${inUse.description}` }
      : inUse;
  operation.responses = { ...responses, "409": both, "422": reused };
}
