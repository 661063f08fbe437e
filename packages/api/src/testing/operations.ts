import { z } from "zod";
import { appRouter } from "../operations/index.ts";
import { scopeMember } from "../schemas/index.ts";
import { nobody } from "./caller.ts";

/** An operation of REST as the OpenAPI document has it, with an example of all that it takes. */
export type RestOperation = {
  method: string;
  /** With `{parameters}`. */
  path: string;
  /** Null: none in particular. */
  scope: string | null;
  pathParameters: string[];
  query: Record<string, string>;
  body: unknown;
};

const parameterSchema = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  schema: z.unknown(),
});
const documentSchema = z.looseObject({
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        [scopeMember]: z.string().default(""),
        parameters: z.array(parameterSchema).default([]),
        requestBody: z
          .object({ content: z.object({ "application/json": z.object({ schema: z.unknown() }) }) })
          .optional(),
      }),
    ),
  ),
});

/** Every operation of REST, as the server at `baseUrl` describes itself. */
export async function restOperations(baseUrl: string): Promise<RestOperation[]> {
  const answer = await fetch(`${baseUrl}/api/v1/openapi.json`);
  const { paths, components } = documentSchema.parse(await answer.json());
  const lookUp = (ref: string) => components.schemas[ref.replace("#/components/schemas/", "")];
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { [scopeMember]: scope, parameters, requestBody }]) => {
      // No operations: one takes a handshake, the others the token of somebody who has no key any more.
      if (path.endsWith("/live") || path.startsWith("/api/v1/departure")) return [];
      const schema = requestBody?.content["application/json"].schema;
      return [
        {
          method: method.toUpperCase(),
          path,
          scope: scope || null,
          pathParameters: parameters.filter((one) => one.in === "path").map(({ name }) => name),
          query: Object.fromEntries(
            parameters
              .filter((one) => one.in === "query" && one.required)
              .map((one) => [one.name, String(exampleOf(one.schema, lookUp))]),
          ),
          body: schema && exampleOf(schema, lookUp),
        },
      ];
    }),
  );
}

/** Where an operation is called: about the things that `ids` names by parameter, else about what does not exist. */
export function targetOf(
  { path, pathParameters, query }: RestOperation,
  ids: Record<string, string> = {},
  more: [string, string][] = [],
): string {
  const filled = pathParameters.reduce(
    (at, parameter) => at.replace(`{${parameter}}`, ids[parameter] ?? (parameter === "seq" ? "1" : nobody)),
    path,
  );
  const search = new URLSearchParams([...Object.entries(query), ...more]);
  return search.size === 0 ? filled : `${filled}?${search}`;
}

/** A procedure of tRPC, with an example of all that it takes. */
export type Procedure = { name: string; type: "query" | "mutation" | "subscription"; input: unknown };

const procedureSchema = z.object({
  type: z.enum(["query", "mutation", "subscription"]),
  inputs: z.tuple([z.instanceof(z.ZodType)]),
});

const definitions = () =>
  Object.entries(appRouter._def.procedures).map(([name, procedure]) => {
    const { type, inputs } = procedureSchema.parse(Object.getOwnPropertyDescriptor(procedure, "_def")?.value);
    return { name, type, schema: z.toJSONSchema(inputs[0], { io: "input", unrepresentable: "any" }) };
  });

/** What every procedure of the router takes, as JSON schema. */
export const inputSchemas = (): Record<string, unknown> =>
  Object.fromEntries(definitions().map(({ name, schema }) => [name, schema]));

/** Every procedure of the router. */
export function trpcProcedures(): Procedure[] {
  return definitions().map(({ name, type, schema }) => {
    const lookUp = (ref: string) => schema.$defs?.[ref.replace("#/$defs/", "")];
    return { name, type, input: exampleOf(schema, lookUp) };
  });
}

const described = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string()).transform((types) => types[0])]).optional(),
  example: z.unknown().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  minimum: z.number().default(1),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).default({}),
});

/**
 * A value that a JSON schema describes, with everything that can be in it.
 *
 * @param lookUp finds what a `$ref` refers to
 */
function exampleOf(schema: unknown, lookUp: (ref: string) => unknown): unknown {
  const node = described.parse(schema);
  const inner = (part: unknown) => exampleOf(part, lookUp);
  if (node.$ref !== undefined) return inner(lookUp(node.$ref));
  const given = [node.example, node.const, ...(node.enum ?? [])].find((one) => one !== undefined);
  if (given !== undefined) return given;
  const [choice] = node.anyOf ?? node.oneOf ?? [];
  if (choice !== undefined) return inner(choice);
  switch (node.type) {
    case "object":
      return Object.fromEntries(Object.entries(node.properties).map(([name, part]) => [name, inner(part)]));
    case "array":
      return [inner(node.items)];
    case "integer":
      return node.minimum;
    case "boolean":
      return false;
    case "string":
      return node.format === "date-time" ? "2026-01-15T10:45:00Z" : "text";
  }
  throw new TypeError(`There is no example of ${JSON.stringify(schema)}`);
}

const objectLike = z.record(z.string(), z.unknown());

/** The value with another name in it, once for each of its objects, and the path of that name. */
export function withName(value: unknown, name: string, path = ""): { value: unknown; field: string }[] {
  if (Array.isArray(value)) return [];
  const object = objectLike.safeParse(value).data;
  if (object === undefined) return [];
  const here = { value: { ...object, [name]: true }, field: path + name };
  const deeper = Object.entries(object).flatMap(([member, part]) =>
    withName(part, name, `${path}${member}.`).map((inside) => ({
      ...inside,
      value: { ...object, [member]: inside.value },
    })),
  );
  return [here, ...deeper];
}
