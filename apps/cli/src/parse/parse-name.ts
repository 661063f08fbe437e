import { textFault } from "@lethe/text";
import { InvalidArgumentError } from "commander";

const longest = 200;

/** Reads the name of a tenant or key, which people are to see in lists. */
export function parseName(text: string): string {
  const name = text.trim();
  if (name === "" || name.length > longest) {
    throw new InvalidArgumentError(`Give a name of 1 to ${longest} characters.`);
  }
  const fault = textFault(name, "name");
  if (fault) throw new InvalidArgumentError(`A name ${fault}.`);
  return name;
}
