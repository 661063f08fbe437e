import { InvalidArgumentError } from "commander";

const id = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads a UUID and returns it in lower case, as ids are printed. */
export function parseId(text: string): string {
  const given = text.trim();
  if (!id.test(given)) throw new InvalidArgumentError("Give an id (UUID) as the list commands print it.");
  return given.toLowerCase();
}
