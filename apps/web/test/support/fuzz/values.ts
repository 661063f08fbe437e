import { arbitrary } from "@lethe/api/testing";
import fc from "fast-check";
import type { JsonSchema } from "./openapi-document.ts";

/** What there is to ask for, so that valid requests find something. */
export type Pool = {
  /** The first may do everything. */
  keys: readonly string[];
  /** Of the first key. */
  tokens: readonly string[];
  /** By the name of the parameter. */
  ids: Readonly<Record<string, readonly string[]>>;
  /** Of lists, by the template of their path. */
  cursors: Readonly<Record<string, string>>;
  etags: readonly string[];
};

/** Values that a schema takes, and values that it nearly takes. */
export type Values = { valid: fc.Arbitrary<unknown>; near: fc.Arbitrary<unknown> };

/** Weights of what the document asks for, of what is nearly that, and of what somebody means harm by. */
export const mixed = <Value>(
  weights: [number, number, number],
  valid: fc.Arbitrary<Value>,
  near: fc.Arbitrary<Value>,
  hostile: fc.Arbitrary<Value>,
) =>
  fc.oneof(
    { weight: weights[0], arbitrary: valid },
    { weight: weights[1], arbitrary: near },
    { weight: weights[2], arbitrary: hostile },
  );

/** The values of a schema; what has a name of the pool is taken from there. */
export function valuesOf(schema: JsonSchema, pool: Pool, name: string): Values {
  const valid = validOf(schema, pool, name);
  const types = [schema.type].flat();
  const other = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    arbitrary.anyText,
    fc.constantFrom(null, -1, 1e308, 2 ** 53, 0.5),
  );
  if (types.includes("object")) return { valid, near: nearObject(valid, schema, pool) };
  if (types.includes("array")) {
    const items = valuesOf(schema.items ?? {}, pool, name);
    const spoiled = fc.array(fc.oneof(items.valid, items.near), { maxLength: 4 });
    const many = items.valid.map((item) => Array.from({ length: (schema.maxItems ?? 5) + 1 }, () => item));
    const most = items.valid.map((item) => Array.from({ length: schema.maxItems ?? 5 }, () => item));
    return { valid, near: fc.oneof(spoiled, fc.constant([]), many, most, other) };
  }
  const { minLength = 0, maxLength = 40_000, minimum = 0, maximum = 2 ** 31 } = schema;
  const sizes = [minLength, maxLength, maxLength + 1].flatMap((size) => [
    "x".repeat(size),
    "💬".repeat(size),
  ]);
  const odd = ["", " ", "\u0000", "\ud800", "\u200b", "0000-01-01T00:00:00Z", "9999-12-31T23:59:60Z"];
  const numbers = [minimum - 1, minimum, maximum, maximum + 1];
  return {
    valid,
    near: fc.oneof(other, fc.constantFrom<unknown>(...sizes, ...odd, ...numbers), valid.map(String)),
  };
}

/** The cursor of a list, those of others, and forged ones. */
export function cursorsOf(path: string, { cursors }: Pool): Values {
  const all = fc.constantFrom("bm90IGEgY3Vyc29y", ...Object.values(cursors));
  const own = cursors[path];
  const forged = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString("base64url"));
  const cut = all.map((cursor) => cursor.slice(1));
  return {
    valid: own === undefined ? all : fc.constant(own),
    near: fc.oneof(all, forged, cut, arbitrary.anyText),
  };
}

function validOf(schema: JsonSchema, pool: Pool, name: string): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = [schema.type].flat();
  if (types.includes("null"))
    return fc.oneof(fc.constant(null), validOf({ ...schema, type: types[0] }, pool, name));
  switch (types[0]) {
    case "boolean":
      return fc.boolean();
    case "integer": {
      const { minimum = 0, maximum = 2 ** 31 - 1 } = schema;
      return fc.oneof(fc.integer({ min: minimum, max: maximum }), fc.constantFrom(minimum, maximum));
    }
    case "array":
      return fc.array(validOf(schema.items ?? {}, pool, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case "object": {
      const { properties = {}, required = [] } = schema;
      const values = Object.entries(properties).map(([key, property]) => [key, validOf(property, pool, key)]);
      return fc.record<Record<string, unknown>>(Object.fromEntries(values), { requiredKeys: required });
    }
    default:
      return textOf(schema, pool, name);
  }
}

function textOf(schema: JsonSchema, pool: Pool, name: string): fc.Arbitrary<string> {
  const ids = pool.ids[name === "chat_ids" ? "chat_id" : name];
  if (ids) return fc.constantFrom(...ids);
  if (schema.format === "uuid") return fc.uuid({ version: [4, 7] });
  if (schema.format === "date-time")
    return fc
      .date({ min: new Date("1970-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString());
  // Nothing listens there, and nobody else is ever told.
  if (name === "url") return fc.constantFrom("http://127.0.0.1:9/hook", "http://[::1]:9/");
  const { minLength = 0, maxLength = 60 } = schema;
  const text = fc.string({ unit: "grapheme", minLength, maxLength: Math.min(maxLength, 60) });
  // Graphemes can be long, and none of them need be visible.
  return text.map((own) => `${minLength > 0 ? "é" : ""}${own}`.slice(0, maxLength).toWellFormed());
}

/** Objects with one value or name that is not quite right. */
function nearObject(
  valid: fc.Arbitrary<unknown>,
  { properties = {} }: JsonSchema,
  pool: Pool,
): fc.Arbitrary<unknown> {
  const names = Object.keys(properties);
  const known = names.length === 0 ? fc.constant("x") : fc.constantFrom(...names);
  const changed = known.chain((name) =>
    valuesOf(properties[name] ?? {}, pool, name).near.map((value) => ({ [name]: value })),
  );
  const added = fc.oneof(
    fc.constantFrom("dry_run", "tenant_id", "__proto__", "constructor", "").map((name) => ({ [name]: true })),
    known.map((name) => ({ [`${name[0]?.toUpperCase()}${name.slice(1)}`]: true })),
  );
  const left = known.map((name) => ({ [name]: undefined }));
  const but = (change: fc.Arbitrary<object>) =>
    fc.tuple(valid, change).map(([value, part]) => ({ ...Object(value), ...part }));
  return fc.oneof(
    { weight: 5, arbitrary: but(changed) },
    { weight: 2, arbitrary: but(added) },
    { weight: 2, arbitrary: but(left) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
}
