import { type Scope, scopes } from "@lethe/core/credentials/scopes";
import { InvalidArgumentError } from "commander";

/** Reads scopes that are separated by commas, each once. */
export function parseScopes(text: string): Scope[] {
  const words = text.split(",").map((word) => word.trim());
  const known = scopes.filter((scope) => words.includes(scope));
  if (words.some((word) => !known.some((scope) => scope === word))) {
    throw new InvalidArgumentError(`Give one or more of ${scopes.join(", ")}, separated by commas.`);
  }
  return known;
}
