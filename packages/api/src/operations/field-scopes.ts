import { LetheError, type Principal, type Scope, scopes } from "@lethe/core";
import { z } from "zod";
import { scopeMember } from "../schemas/index.ts";

/** A field of an input that takes a scope of its own. */
export type FieldScope = { path: readonly string[]; scope: Scope };

const node = z.record(z.string(), z.unknown());
const knownScope = z.enum(scopes);

/**
 * The fields that say in the JSON schema of an input that they take a scope besides that of the operation, at every
 * depth. For the moment at which an operation is made.
 */
export function fieldScopesOf(input: z.ZodType): FieldScope[] {
  const whole = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  return fieldsIn(whole, [], (ref) => whole.$defs?.[ref.replace("#/$defs/", "")]);
}

function fieldsIn(schema: unknown, path: string[], lookUp: (ref: string) => unknown): FieldScope[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => fieldsIn(one, path, lookUp));
  const {
    properties,
    $defs: _,
    $ref: ref,
    [scopeMember]: scope,
    ...others
  } = node.safeParse(schema).data ?? {};
  return [
    ...(scope === undefined ? [] : [{ path, scope: knownScope.parse(scope) }]),
    ...(typeof ref === "string" ? fieldsIn(lookUp(ref), path, lookUp) : []),
    ...Object.entries(node.safeParse(properties).data ?? {}).flatMap(([name, property]) =>
      fieldsIn(property, [...path, name], lookUp),
    ),
    ...Object.values(others).flatMap((other) => fieldsIn(other, path, lookUp)),
  ];
}

/** Throws FORBIDDEN (missing_scope) for a field that is there, and takes a scope that the caller's key lacks. */
export function requireFieldScopes(
  principal: Pick<Principal, "scopes">,
  fields: readonly FieldScope[],
  input: unknown,
): void {
  for (const { path, scope } of fields) {
    if (principal.scopes.includes(scope) || !isGiven(input, path)) continue;
    const message = `${path.join(".")} looks into what people have written, and this API key lacks the scope ${scope}. Leave it out, or use a key that has the scope`;
    throw new LetheError("FORBIDDEN", "missing_scope", message, { scope });
  }
}

function isGiven(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (Array.isArray(value))
    return value.some((one) => isGiven(one, name === undefined ? [] : [name, ...rest]));
  if (name === undefined) return value !== undefined;
  const names = node.safeParse(value).data;
  return names !== undefined && Object.hasOwn(names, name) && isGiven(names[name], rest);
}
