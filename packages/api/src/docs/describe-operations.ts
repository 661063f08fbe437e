import { z } from "zod";
import { anchorOf } from "./render-markdown.ts";

/** A JSON schema, as far as a reader is told of it. */
type Schema = {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  format?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  description?: string | undefined;
  items?: Schema | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  allOf?: Schema[] | undefined;
  default?: unknown;
  example?: unknown;
  minimum?: number | undefined;
  maximum?: number | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
};

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    description: z.string().optional(),
    items: schema.optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    anyOf: z.array(schema).optional(),
    oneOf: z.array(schema).optional(),
    allOf: z.array(schema).optional(),
    default: z.unknown().optional(),
    example: z.unknown().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
  }),
);

const content = z.record(z.string(), z.object({ schema: schema.optional() })).optional();
const parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  description: z.string().optional(),
  schema: schema.optional(),
});
const operation = z.object({
  summary: z.string().default(""),
  description: z.string().optional(),
  tags: z.array(z.string()).default(["Other"]),
  parameters: z.array(z.union([parameter, z.object({ $ref: z.string() })])).default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(
    z.string(),
    z.union([z.object({ description: z.string(), content }), z.object({ $ref: z.string() })]),
  ),
});
type Operation = z.infer<typeof operation>;

/** What is read of an OpenAPI document (3.1). */
const documentSchema = z.object({
  info: z.object({ description: z.string().default("") }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({
    schemas: z.record(z.string(), schema).default({}),
    parameters: z.record(z.string(), parameter).optional(),
    responses: z.record(z.string(), z.object({ description: z.string(), content })).optional(),
  }),
});
type Document = z.infer<typeof documentSchema>;

const methods = ["get", "post", "put", "patch", "delete"];

/** The reference of an OpenAPI document as Markdown: each operation by its tag, then the schemas that they name. */
export function describeOperations(described: unknown): string {
  const document = documentSchema.parse(described);
  const byTag = new Map<string, string[]>();
  const listed: string[][] = [];
  for (const [path, item] of Object.entries(document.paths))
    for (const method of methods) {
      if (item[method] === undefined) continue;
      const found = operation.parse(item[method]);
      const tag = found.tags[0] ?? "Other";
      const title = `${method.toUpperCase()} ${path}`;
      byTag.set(tag, [...(byTag.get(tag) ?? []), describe(title, found, document)]);
      listed.push([`[${title}](#${anchorOf(title)})`, cell(found.summary), tag]);
    }
  const schemas = Object.entries(document.components.schemas).map(
    ([name, one]) => `### ${name}\n\n${one.description ? `${one.description}\n\n` : ""}${shape(one)}`,
  );
  return [
    "# API reference",
    document.info.description,
    "For programs this is `/api/v1/openapi.json` (OpenAPI 3.1). What the calls are for is told in [REST](rest.md).",
    table(["operation", "what it does", "of"], listed),
    ...[...byTag].map(([tag, all]) => [`## ${tag}`, ...all].join("\n\n")),
    "## Schemas",
    ...schemas,
    "",
  ].join("\n\n");
}

function describe(
  title: string,
  { summary, description, parameters, requestBody, responses }: Operation,
  document: Document,
): string {
  const { components } = document;
  const named = parameters.flatMap((one) => {
    const found = "$ref" in one ? components.parameters?.[lastOf(one.$ref)] : one;
    return found ? [found] : [];
  });
  const answers = Object.entries(responses).map(([status, one]) => {
    const found = "$ref" in one ? components.responses?.[lastOf(one.$ref)] : one;
    return `| ${status} | ${cell(found?.description ?? "")} | ${bodyOf(found?.content)} |`;
  });
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  return [
    `### ${title}`,
    [summary, description].filter(Boolean).join(". "),
    ...(named.length > 0
      ? [
          table(
            ["parameter", "in", "type", "meaning"],
            named.map((one) => [
              `\`${one.name}\`${one.required ? "" : "?"}`,
              one.in,
              typeOf(one.schema),
              meaningOf(one.schema, one.description),
            ]),
          ),
        ]
      : []),
    ...(body ? [`Body: ${body.$ref ? `${typeOf(body)}.` : `\n\n${shape(body)}`}`] : []),
    `| status | answer | body |\n| --- | --- | --- |\n${answers.join("\n")}`,
  ].join("\n\n");
}

/** The fields of a schema, or what it is where it has none. */
function shape(one: Schema): string {
  if (!one.properties) return typeOf(one);
  const { properties, required = [] } = one;
  return table(
    ["field", "type", "meaning"],
    Object.entries(properties).map(([name, field]) => [
      `\`${name}\`${required.includes(name) ? "" : "?"}`,
      typeOf(field),
      meaningOf(field),
    ]),
  );
}

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const meaningOf = (one: Schema | undefined, description = one?.description): string => {
  const said = (word: string, value: unknown) =>
    value === undefined ? "" : `${word} \`${JSON.stringify(value)}\`.`;
  const parts = [description, boundsOf(one), said("Default", one?.default), said("Example", one?.example)];
  return cell(parts.filter(Boolean).join(" "));
};

/** From where to where a number goes, a text in characters, a list in items. */
function boundsOf(one: Schema | undefined): string {
  const between = (least: number | undefined, most: number | undefined, what = "") => {
    // Whole numbers without a bound are described with the largest that is exact.
    if (most === undefined || most === Number.MAX_SAFE_INTEGER)
      return least === undefined || least === 0 || least === -Number.MAX_SAFE_INTEGER
        ? ""
        : `At least ${least}${what}.`;
    return least === undefined || least === 0 ? `At most ${most}${what}.` : `${least} to ${most}${what}.`;
  };
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = one ?? {};
  const all = [
    between(minimum, maximum),
    between(minLength, maxLength, " characters"),
    between(minItems, maxItems, " items"),
  ];
  return all.filter(Boolean).join(" ");
}

const bodyOf = (found: z.infer<typeof content>): string =>
  Object.entries(found ?? {})
    .map(([type, { schema: body }]) => (body?.$ref ? typeOf(body) : `\`${type}\``))
    .join(", ");

function typeOf(one: Schema | undefined): string {
  if (one === undefined) return "anything";
  if (one.$ref) return `[${lastOf(one.$ref)}](#${anchorOf(lastOf(one.$ref))})`;
  if (one.const !== undefined) return `\`${JSON.stringify(one.const)}\``;
  if (one.enum) return one.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  const among = one.anyOf ?? one.oneOf;
  if (among) return [...new Set(among.map(typeOf))].join(" or ");
  if (one.allOf) return [...new Set(one.allOf.map(typeOf))].join(" and ");
  if (one.items) return `list of ${typeOf(one.items)}`;
  const type = Array.isArray(one.type) ? one.type.join(" or ") : (one.type ?? "anything");
  if (one.properties)
    return `${type}: ${Object.keys(one.properties)
      .map((name) => `\`${name}\``)
      .join(", ")}`;
  return one.format ? `${type} (${one.format})` : type;
}

const lastOf = (ref: string): string => ref.split("/").at(-1) ?? ref;

/** In a table a line is a row, and a bar begins the next cell. */
const cell = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
