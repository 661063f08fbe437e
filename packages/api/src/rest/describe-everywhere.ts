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

/**
 * Tells in the document what holds for every operation: the headers of the rate limit, and what a POST or
 * DELETE can do under an `Idempotency-Key`. Changes it.
 */
export function describeEverywhere({ paths = {} }: Document): void {
  for (const { get, put, post, patch, delete: remove } of Object.values(paths)) {
    for (const operation of [post, remove]) if (operation) describeRetries(operation);
    for (const operation of [get, put, post, patch, remove]) if (operation) describeRates(operation);
  }
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
