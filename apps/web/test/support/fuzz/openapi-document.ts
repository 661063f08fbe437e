import { z } from "zod";

/** As much of JSON Schema as the document uses. */
const schemaSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  minLength: z.int().optional(),
  maxLength: z.int().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.int().optional(),
  maxItems: z.int().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
  get items() {
    return schemaSchema.optional();
  },
});
export type JsonSchema = z.infer<typeof schemaSchema>;

const contentSchema = z.record(z.string(), z.object({ schema: schemaSchema }));

const responseSchema = z.object({
  content: contentSchema.default({}),
  headers: z
    .record(z.string(), z.object({ required: z.boolean().default(false), schema: schemaSchema }))
    .default({}),
});
export type DescribedResponse = z.infer<typeof responseSchema>;

const operationSchema = z.object({
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().default(false),
        schema: schemaSchema,
      }),
    )
    .default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), responseSchema),
});

const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), operationSchema)) });

/** An operation of the document, with its method (in capitals) and the template of its path. */
export type Operation = z.infer<typeof operationSchema> & { method: string; path: string };

/** Reads the operations of the OpenAPI document of a server, with what references refer to in their place. */
export async function readOperations(baseUrl: string): Promise<Operation[]> {
  const answer = await fetch(`${baseUrl}/api/v1/openapi.json`);
  const document: unknown = await answer.json();
  const { paths } = documentSchema.parse(dereference(document, document));
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );
}

const record = z.record(z.string(), z.unknown());

function dereference(node: unknown, document: unknown): unknown {
  if (Array.isArray(node)) return node.map((item) => dereference(item, document));
  const object = record.safeParse(node).data;
  if (object === undefined) return node;
  if (typeof object.$ref === "string") return dereference(find(object.$ref, document), document);
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, dereference(value, document)]),
  );
}

/** What a reference within the document leads to. None of its names has a slash or a tilde in it. */
function find(reference: string, document: unknown): unknown {
  const steps = reference.replace("#/", "").split("/");
  const found = steps.reduce((node, step) => record.safeParse(node).data?.[step], document);
  if (found === undefined) throw new TypeError(`${reference} leads nowhere`);
  return found;
}
