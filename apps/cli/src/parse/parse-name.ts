import { InvalidArgumentError } from "commander";

const longest = 200;

/** Reads the name of a tenant or key. */
export function parseName(text: string): string {
  const name = text.trim();
  if (name === "" || name.length > longest) {
    throw new InvalidArgumentError(`Give a name of 1 to ${longest} characters.`);
  }
  return name;
}
