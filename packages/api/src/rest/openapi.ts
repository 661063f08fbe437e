import { createHash } from "node:crypto";
import { describeDeparture } from "../departure/describe-departure.ts";
import type { ApiApp } from "../http/env.ts";
import { conditionalRead } from "../http/preconditions.ts";
import { strictQuery, withoutBody } from "../http/strict-names.ts";
import { apiKeyScheme, describeEverywhere, tokenScheme } from "./describe.ts";
import { describeBeside } from "./describe-beside.ts";
import { tags } from "./tags.ts";

const description = `A chat store that can truly forget.

Every call needs an API key in \`X-API-Key\`, or a token of one as \`Authorization: Bearer\`; what is under \`/departure\` takes the token of a tenant that leaves. Every answer carries \`X-Request-Id\`. Errors are problem documents
(RFC 9457) whose \`code\` tells failures apart. Times are RFC 3339 in UTC. Every POST and DELETE that changes something can be sent again
under the same \`Idempotency-Key\`. Every call honours \`If-Match\` and \`If-None-Match\` (RFC 9110, section 13); what
is below a chat goes by the \`ETag\` of the chat.`;

/** The OpenAPI document of the routes that were mounted before. It is written once, at the first call. */
export function mountOpenApi(app: ApiApp, version: string): void {
  let written: { document: string; etag: string } | undefined;
  app.get("/api/v1/openapi.json", strictQuery([]), withoutBody, conditionalRead, (c) => {
    written ??= writeDocument(app, version);
    return c.body(written.document, 200, { "Content-Type": "application/json", ETag: written.etag });
  });
}

function writeDocument(app: ApiApp, version: string) {
  const document = JSON.stringify(describeApi(app, version));
  return { document, etag: `"${createHash("sha256").update(document).digest("base64url")}"` };
}

/** The document of all routes that were mounted on `app`. */
export function describeApi(app: ApiApp, version: string) {
  app.openAPIRegistry.registerComponent("securitySchemes", apiKeyScheme, {
    type: "apiKey",
    in: "header",
    name: "X-API-Key",
    description: "One of your tenant's API keys",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", tokenScheme, {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "A token that one of your tenant's API keys has made, for a browser",
  });
  describeDeparture(app);
  describeBeside(app);
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Lethe",
      version,
      description,
      contact: { name: "Whoever runs this Lethe" },
      license: { name: "MIT", url: "https://opensource.org/license/mit" },
    },
    servers: [{ url: "/" }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
  });
  describeEverywhere(document);
  return document;
}
