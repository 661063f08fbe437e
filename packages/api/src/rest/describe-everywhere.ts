import type { ApiApp } from "../http/env.ts";

type Document = ReturnType<ApiApp["getOpenAPI31Document"]>;
type Operation = NonNullable<NonNullable<Document["paths"]>[string]["post"]>;

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

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

const seconds = { schema: { type: "integer" as const }, description: "Seconds" };
const inUse = {
  ...problem("A request under the same Idempotency-Key is being worked on (`idempotency_key_in_use`)"),
  headers: { "Retry-After": seconds },
};
const reused = problem("The Idempotency-Key came with another request before (`idempotency_key_reused`)");
const replayed = {
  "Idempotency-Replayed": {
    schema: { type: "string" as const, enum: ["true"] },
    description: "The answer is that of an earlier request under the same Idempotency-Key",
  },
};

const rates = {
  "RateLimit-Policy": {
    schema: { type: "string" as const },
    description: "The limit: `q` calls in `w` seconds. None where the server has no limit.",
    example: '"default";q=6000;w=60',
  },
  RateLimit: {
    schema: { type: "string" as const },
    description: "Where the API key stands: `r` calls are left, and `t` seconds until all are there again.",
    example: '"default";r=5999;t=60',
  },
};

const condition = (name: string, description: string) => ({
  in: "header" as const,
  name,
  required: false,
  schema: { type: "string" as const },
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
  headers: { ETag: { schema: { type: "string" as const } } },
};
const readFailed = problem("`If-Match` does not list the ETag that it has (`precondition_failed`)");
const chatDiffers = problem(
  "The chat is at a `version` that `If-Match` or `If-None-Match` does not allow (`version_mismatch`)",
);
const neverMet = problem("`If-Match` lists ETags, or `If-None-Match` is `*` (`precondition_failed`)");

/**
 * Tells in the document what holds for every operation: the headers of the rate limit, preconditions, and what a POST
 * or DELETE can do under an `Idempotency-Key`. Changes it.
 */
export function describeEverywhere({ paths = {} }: Document): void {
  for (const [path, { get, put, post, patch, delete: remove }] of Object.entries(paths)) {
    const [parameters, unmet] = path.includes("{chat_id}")
      ? [chatConditions, chatDiffers]
      : [conditionsWithoutEtag, neverMet];
    if (get) describeConditions(get, readConditions, { "304": notModified, "412": readFailed });
    for (const operation of [put, post, patch, remove])
      if (operation) describeConditions(operation, parameters, { "412": unmet });
    for (const operation of [post, remove]) if (operation) describeRetries(operation);
    for (const operation of [get, put, post, patch, remove]) if (operation) describeRates(operation);
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

/** Who has no valid key is not counted. */
function describeRates({ responses = {} }: Operation): void {
  for (const [status, response] of Object.entries(responses)) {
    if (status !== "401" && "description" in response) response.headers = { ...response.headers, ...rates };
  }
}

function describeRetries(operation: Operation): void {
  operation.parameters = [...(operation.parameters ?? []), parameter];
  const responses = operation.responses ?? {};
  for (const [status, response] of Object.entries(responses)) {
    if (status < "300" && "description" in response) response.headers = { ...response.headers, ...replayed };
  }
  operation.responses = { "409": inUse, ...responses, "422": reused };
}
