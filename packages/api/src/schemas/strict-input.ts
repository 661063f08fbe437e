import leven, { closestMatch } from "leven";
import { z } from "zod";

/** How much of a name that a caller has made up is said again. */
const shownLength = 60;

/**
 * An object of an input: it knows `shape` and refuses every other name. What is not understood is not done: a
 * misspelt option would otherwise be taken for one that was honoured.
 *
 * @param otherwise what to say to something that is no object
 */
export function strictInput<Shape extends z.ZodRawShape>(shape: Shape, otherwise?: string) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return otherwise;
      // Of the schema that refuses, which may be an extension of this one.
      const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : Object.keys(shape);
      return issue.keys.map((name) => unknownName(name, known)).join("\n");
    },
  });
}

/** What is said to a name that is none of `known`: the nearest of them, or all. */
export function unknownName(name: string, known: readonly string[]): string {
  return `${shownName(name)} is not known here; ${advice(name, known)}`;
}

/** A name as a message shows it: whatever a caller made up, it is short and one line. */
export function shownName(name: string): string {
  const shown = name.length > shownLength ? `${name.slice(0, shownLength)}…` : name;
  return /^[\w.-]+…?$/.test(shown) ? shown : JSON.stringify(shown.toWellFormed());
}

function advice(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean ${near}?`;
  if (known.length === 0) return "leave it out";
  return known.length === 1 ? `there is only ${known[0]}` : `there are ${known.join(", ")}`;
}

/** The name that was probably meant; undefined if none is near. Case, hyphens and underscores do not count. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (one: string) => one.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const asked = plain(name.slice(0, shownLength));
  const found = closestMatch(asked, known.map(plain));
  if (found === undefined) return undefined;
  // Most of the longer one has to be right: every short name is near to every other.
  const far = Math.floor(Math.max(asked.length, found.length) / 2.5);
  return leven(asked, found) <= far ? known.find((one) => plain(one) === found) : undefined;
}

/** The input of a call that takes none. */
export const noInputSchema = strictInput({}).optional();

const onlyOverTrpc = z.registry();

/** Marks a field of an input that only tRPC carries: REST says the same in its own way, or not at all. */
export function onlyTrpc<Field extends z.ZodType>(field: Field): Field {
  onlyOverTrpc.add(field);
  return field;
}

/** Whether a field is marked so. */
export const isOnlyTrpc = (field: z.core.$ZodType | undefined): boolean =>
  field !== undefined && onlyOverTrpc.has(field);
