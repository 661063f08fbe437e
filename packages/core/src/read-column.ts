/*
 * Values of columns as they are to be, one function for each type: what a schema says of a row, without a copy of the row. For
 * what is read with every call; the line that refuses a value is in the error's stack.
 */

const refused = (value: unknown, wanted: string): TypeError =>
  new TypeError(`A column should hold ${wanted}, and holds ${value === null ? "null" : typeof value}`);

/** Throws TypeError, as all of these, for what is none. */
export function text(value: unknown): string {
  if (typeof value !== "string") throw refused(value, "text");
  return value;
}

export const textOrNull = (value: unknown): string | null => (value === null ? null : text(value));

export function integer(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw refused(value, "an integer");
  return value;
}

export const integerOrNull = (value: unknown): number | null => (value === null ? null : integer(value));

export function time(value: unknown): Date {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw refused(value, "a time");
  return value;
}

export const timeOrNull = (value: unknown): Date | null => (value === null ? null : time(value));
