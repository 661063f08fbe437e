import { z } from "zod";

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
export function exampleOf(schema: unknown, lookUp: (ref: string) => unknown): unknown {
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
