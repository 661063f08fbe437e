import { InvalidArgumentError } from "commander";
import { z } from "zod";

/** Reads a UUID and returns it in lower case, as ids are printed. */
export function parseId(text: string): string {
  const parsed = z.guid().safeParse(text.trim());
  if (!parsed.success) throw new InvalidArgumentError("Give an id (UUID) as the list commands print it.");
  return parsed.data.toLowerCase();
}
