import type { RouteConfig } from "@hono/zod-openapi";
import type { ApiApp } from "../http/env.ts";
import { problemAnswers } from "../rest/describe.ts";
import { departureSchema, updateDepartureSchema } from "../schemas/index.ts";

/** The name of the security scheme in the OpenAPI document. */
const departureScheme = "DepartureToken";

type Problems = Parameters<typeof problemAnswers>[0];
const unknown = "The token opens nothing (`departure_not_found`): it is not whole, or of no departure";

/** What it fails with. There is no key that could lack a scope. */
function problems(own: Problems): RouteConfig["responses"] {
  const { 403: _, ...others } = problemAnswers({ NOT_FOUND: unknown, ...own });
  return others;
}

const departure = (description: string) => ({
  description,
  content: { "application/json": { schema: departureSchema } },
});
const header = (description: string) => ({
  required: true,
  schema: { type: "string" as const },
  description,
});

const ofDepartures = { tags: ["Tenant"], security: [{ [departureScheme]: [] }] };

const routes: RouteConfig[] = [
  {
    ...ofDepartures,
    method: "get",
    path: "/api/v1/departure",
    operationId: "getDeparture",
    summary: "Get how far a tenant is with leaving, and its receipt",
    description:
      "For whoever had the tenant deleted and has no key any more. Ask again, every few seconds, until `state` is `left`: then " +
      "`receipt` is there. Takes the token that the deletion answered.",
    responses: { 200: departure("How far it is"), ...problems({}) },
  },
  {
    ...ofDepartures,
    method: "get",
    path: "/api/v1/departure/ledger",
    operationId: "getDepartureLedger",
    summary: "Fetch the complete ledger of a tenant that leaves",
    description:
      "NDJSON, a line for each chat that was ever deleted, also by the departure itself: exactly the bytes that the receipt has the " +
      "SHA-256 of. It is here while `ledger` of the departure is, so for who asked for it with `keep_ledger`. What breaks off " +
      "was not whole. Fetched and stored, it is let go with `PATCH /departure`.",
    responses: {
      200: {
        description: "A file to save",
        content: { "application/x-ndjson": { schema: { type: "string" } } },
        headers: {
          "Content-Disposition": header("attachment, with a file name"),
          "Content-Security-Policy": header("Shown in place of being saved, it is only text"),
        },
      },
      ...problems({ NOT_FOUND: `${unknown}. Or the ledger is not here to be taken (\`not_found\`)` }),
    },
  },
  {
    ...ofDepartures,
    method: "patch",
    path: "/api/v1/departure",
    operationId: "updateDeparture",
    summary: "Let the ledger go that was fetched",
    description: "The departure goes on at once. Without it the ledger waits for a day. It can be repeated.",
    request: { body: { required: true, content: { "application/json": { schema: updateDepartureSchema } } } },
    responses: {
      200: departure("It goes on"),
      ...problems({
        BAD_REQUEST: "It is the SHA-256 of something else (`invalid_request`)",
        PAYLOAD_TOO_LARGE: "The body is too large (`payload_too_large`)",
        UNSUPPORTED_MEDIA_TYPE: "The body is not application/json in UTF-8 (`unsupported_media_type`)",
      }),
    },
  },
];

/** Tells the OpenAPI document what a tenant's departure answers to the holder of its token. */
export function describeDeparture({ openAPIRegistry: registry }: ApiApp): void {
  registry.registerComponent("securitySchemes", departureScheme, {
    type: "http",
    scheme: "bearer",
    description: "The token that `DELETE /api/v1/tenant` has answered. It never ends.",
  });
  for (const route of routes) registry.registerPath(route);
}
