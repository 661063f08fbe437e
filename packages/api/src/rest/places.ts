import { z } from "zod";
import { isOnlyTrpc, strictInput } from "../schemas/index.ts";

/** What `strictInput` makes: all that an operation takes. Optional where there is nothing to say. */
export type OperationInput = z.ZodObject | z.ZodOptional<z.ZodObject>;

/** Where a request of REST carries the input of an operation. Undefined: nothing is there. */
export type Places = Record<"params" | "query" | "body", z.ZodObject | undefined>;

/**
 * Takes an input apart: the names of the path, and all others in the query or, where the method has one, in the body,
 * which keeps the id that the input has in the OpenAPI document. What only tRPC carries is left out.
 *
 * @param more what a body has besides
 * @throws TypeError, when the program starts, for a name of the path that the input does not have
 */
export function placesOf(
  input: OperationInput,
  { method, path }: { method: string; path: string },
  more: z.ZodRawShape = {},
): Places {
  const object = input instanceof z.ZodOptional ? input.unwrap() : input;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const missing = inPath.find((name) => !Object.hasOwn(object.shape, name));
  if (missing !== undefined) throw new TypeError(`The input has no ${missing} for ${path}`);
  const others = Object.keys(object.shape).filter(
    (name) => !inPath.includes(name) && !isOnlyTrpc(object.shape[name]),
  );
  const hasBody = method !== "get" && method !== "delete" && others.length > 0;
  return {
    params: parametersOf(object, inPath),
    query: hasBody ? undefined : parametersOf(object, others),
    body: hasBody ? bodyOf(object, others, more) : undefined,
  };
}

function bodyOf(object: z.ZodObject, names: string[], more: z.ZodRawShape): z.ZodObject {
  const body = object.pick(maskOf(names)).extend(more);
  const id = object.meta()?.id;
  return id === undefined ? body : body.meta({ id });
}

const maskOf = (names: string[]): Record<string, true> =>
  Object.fromEntries(names.map((name) => [name, true]));

function parametersOf(object: z.ZodObject, names: string[]): z.ZodObject | undefined {
  if (names.length === 0) return undefined;
  // Refused by zod where the whole input has rules, which parts of it cannot keep.
  const { shape } = object.pick(maskOf(names));
  return strictInput(Object.fromEntries(names.map((name) => [name, parameterOf(name, shape[name])])));
}

/** A field as a URL carries it: numbers and truth as text, and no null. It is refused with the same words. */
function parameterOf(name: string, field: z.core.$ZodType | undefined): z.core.$ZodType {
  if (field instanceof z.ZodNumber) return wholeNumberOf(name, field);
  if (field instanceof z.ZodBoolean) return truthOf(field);
  if (field instanceof z.ZodNullable) return parameterOf(name, field.unwrap());
  if (field instanceof z.ZodOptional) return z.optional(parameterOf(name, field.unwrap()));
  if (field instanceof z.ZodDefault) {
    const inner = field.unwrap();
    const value = field.def.defaultValue;
    if (inner instanceof z.ZodBoolean) return truthOf(inner, value === true);
    return inner instanceof z.ZodNumber
      ? z._default(wholeNumberOf(name, inner, Number(value)), Number(value))
      : field;
  }
  if (field instanceof z.ZodType && !(field instanceof z.ZodObject || field instanceof z.ZodArray))
    return field;
  throw new TypeError(`A URL cannot carry ${name}`);
}

function truthOf(truth: z.ZodBoolean, otherwise?: boolean) {
  const texts = z.enum(["true", "false"], ruleOf(truth));
  const given = otherwise === undefined ? texts : texts.default(otherwise ? "true" : "false");
  return given.transform((text) => text === "true").meta({ type: "boolean", default: otherwise });
}

/** With as many digits as the largest has. */
function wholeNumberOf(name: string, number: z.ZodNumber, otherwise?: number) {
  const { isInt, minValue, maxValue } = number;
  if (!isInt || minValue === null || minValue < 0)
    throw new TypeError(`A URL carries no such number as ${name}`);
  const rule = ruleOf(number);
  return z
    .string(rule)
    .regex(new RegExp(`^\\d{1,${`${maxValue}`.length}}$`), rule)
    .transform(Number)
    .pipe(number)
    .meta({ type: "integer", minimum: minValue, maximum: maxValue, default: otherwise });
}

/** What a field says to something else. */
const ruleOf = (field: z.ZodType) => field.safeParse(undefined).error?.issues[0]?.message;
