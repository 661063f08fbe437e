import type { z } from "zod";

/** The name of the security scheme in the OpenAPI document. */
export const apiKeyScheme = "ApiKey";

const etagHeader = {
  ETag: {
    required: true,
    schema: { type: "string" as const },
    description: "The version of the chat, for If-Match",
  },
};

/** A JSON answer of a route; `etag` when it carries the chat's validator. */
export const jsonAnswer = <Schema extends z.ZodType>(description: string, schema: Schema, etag = false) => ({
  description,
  content: { "application/json": { schema } },
  ...(etag && { headers: etagHeader }),
});

/** A JSON body that a route demands. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { "application/json": { schema } },
});
