import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type DescribedProcedure, describeInterface, type Interface } from "@lethe/api/interface";
import openapiTS, { astToString, tsUnion, UNDEFINED } from "openapi-typescript";
import ts from "typescript";
import { z } from "zod";

/** An object whose names are listed. */
const listed = z.looseObject({
  type: z.literal("object"),
  propertyNames: z.object({ enum: z.array(z.string()) }),
  additionalProperties: z.record(z.string(), z.unknown()),
});

/**
 * Writes what a published client knows of the server: `src/generated/openapi.ts` for REST and `wire.ts` for tRPC.
 * Both are made of the operations' declarations, and of no type of the server: what comes with zod, Hono or Prisma behind
 * it could be installed by nobody. `test/published-types.ts` holds them against the server's own types.
 */
const generated = new URL("../src/generated/", import.meta.url);
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")));
const { openapi, procedures, schemas } = describeInterface(version);
mkdirSync(generated, { recursive: true });
writeFileSync(new URL("openapi.ts", generated), await typesOf(openapi, false));
writeFileSync(new URL("wire.ts", generated), await wireTypes({ procedures, schemas }));

/** Declarations of an OpenAPI document. `rootTypes`: every schema has a name of its own too. */
async function typesOf(document: unknown, rootTypes: boolean): Promise<string> {
  const nodes = await openapiTS(JSON.stringify(document, withNamedMembers), {
    silent: true,
    rootTypes,
    rootTypesNoSchemaPrefix: rootTypes,
    rootTypesKeepCasing: rootTypes,
    // What has a default may be left out of a request.
    defaultNonNullable: false,
    // Callers that tell a field that is undefined from one that is missing may send both.
    transformProperty: (property) =>
      property.questionToken && property.type
        ? ts.factory.updatePropertySignature(
            property,
            property.modifiers,
            property.name,
            property.questionToken,
            tsUnion([property.type, UNDEFINED]),
          )
        : undefined,
  });
  return astToString(nodes);
}

/** Of an object whose names are listed each name becomes a member: openapi-typescript knows no `propertyNames`. */
function withNamedMembers(_: string, value: unknown): unknown {
  const { data } = listed.safeParse(value);
  if (data === undefined) return value;
  const { propertyNames, additionalProperties, ...rest } = data;
  const properties = Object.fromEntries(propertyNames.enum.map((name) => [name, additionalProperties]));
  return { ...rest, properties, required: propertyNames.enum };
}

async function wireTypes({
  procedures,
  schemas,
}: Pick<Interface, "procedures" | "schemas">): Promise<string> {
  const named = new Map(Object.entries(schemas).map(([name, schema]) => [JSON.stringify(schema), name]));
  const all = { ...schemas };
  /** The name of a schema; one that has none is given `otherwise`. */
  const nameOf = (schema: Record<string, unknown>, otherwise: string): string => {
    const text = JSON.stringify(schema);
    const known = named.get(text) ?? /^\{"\$ref":"#\/components\/schemas\/(\w+)"\}$/.exec(text)?.[1];
    if (known === undefined) all[otherwise] = schema;
    return known ?? otherwise;
  };
  const groups = Map.groupBy(procedures, ({ name }) => name.split(".")[0] ?? "");
  const members = [...groups].map(([group, procedures]) => {
    const lines = procedures.map((procedure) => lineOf(procedure, nameOf));
    return `  ${group}: {\n${lines.join("")}  };\n`;
  });
  const info = { title: "Lethe", version };
  const types = await typesOf({ openapi: "3.1.0", info, components: { schemas: all } }, true);
  return `import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { Events, Frames, Mutation, Query, Router, Subscription } from "../wire/router-types.ts";

${types}
export type AppRouter = Router<{
${members.join("")}}>;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
`;
}

function lineOf(
  { name, type, summary, input, isInputOptional, output, streams }: DescribedProcedure,
  nameOf: (schema: Record<string, unknown>, otherwise: string) => string,
): string {
  const own = name.replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const taken = nameOf(input, `${own}Input`);
  const told = nameOf(output, `${own}Output`);
  const answer = type === "subscription" ? `Events<${told}>` : streams ? `Frames<${told}>` : told;
  const kind = { query: "Query", mutation: "Mutation", subscription: "Subscription" }[type];
  return `    /** ${summary}. */\n    ${name.split(".")[1]}: ${kind}<${taken}${isInputOptional ? " | undefined" : ""}, ${answer}>;\n`;
}
