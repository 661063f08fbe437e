import type { RouteConfig } from "@hono/zod-openapi";
import type { ApiApp } from "../http/env.ts";
import { problemAnswers } from "../rest/describe.ts";
import { departureSchema } from "../schemas/index.ts";

/** The name of the security scheme in the OpenAPI document. */
const departureScheme = "DepartureToken";

// There is no key that could lack a scope.
const { 403: _, ...problems } = problemAnswers({
  NOT_FOUND: "The token opens nothing (`departure_not_found`): it is not whole, or of no departure",
});

const read = {
  method: "get",
  path: "/api/v1/departure",
  operationId: "getDeparture",
  summary: "Get how far a tenant is with leaving, and its receipt",
  description:
    "For whoever had the tenant deleted and has no key any more. Ask again, every few seconds, until `state` is `left`: then " +
    "`receipt` is there. Takes the token that the deletion answered.",
  tags: ["Tenant"],
  security: [{ [departureScheme]: [] }],
  responses: {
    200: {
      description: "How far it is",
      content: { "application/json": { schema: departureSchema } },
    },
    ...problems,
  },
} satisfies RouteConfig;

/** Tells the OpenAPI document what a tenant's departure answers to the holder of its token. */
export function describeDeparture({ openAPIRegistry: registry }: ApiApp): void {
  registry.registerComponent("securitySchemes", departureScheme, {
    type: "http",
    scheme: "bearer",
    description: "The token that `DELETE /api/v1/tenant` has answered. It never ends.",
  });
  registry.registerPath(read);
}
