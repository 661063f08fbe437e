import { closestMatch } from "leven";
import { collectValues, type Source } from "./collect-values.ts";
import { defaults, secretVariables, type Variable, variableNames } from "./variables.ts";

/** A variable as a person may see it. */
export type Setting = {
  variable: string;
  /** As it was given, passwords masked, or the default; null where that depends on other variables. */
  value: string | null;
  /** Where the value comes from; `file` names the file of a `_FILE` variant. */
  origin: "environment" | "file" | "default";
  file: string | null;
};

/** Lists the settings without checking them: safe to print, and works when the environment has problems. */
export function describeEnvironment(source: Source = process.env): Setting[] {
  const { given } = collectValues(source);
  return variableNames.map((variable) => {
    const found = given.get(variable);
    if (!found) return { variable, value: defaultOf(variable), origin: "default", file: null };
    const origin = found.file === null ? "environment" : "file";
    return { variable, value: mask(variable, found.value), origin, file: found.file };
  });
}

/** A variable that looks like one of Lethe's and is not read by this version, and the one that may be meant. */
export type UnusedVariable = { variable: string; nearest: string | undefined };

/** Fewer letters than this, changed, added or left out, make a slip of the keyboard. */
const slip = 4;

/**
 * The variables that look like Lethe's but are not read by this version: later or misspelt ones, in alphabetical
 * order.
 */
export function unusedVariables(source: Source = process.env): UnusedVariable[] {
  const read = [...variableNames, ...secretVariables.map((name) => `${name}_FILE`)];
  return Object.keys(source)
    .filter((name) => source[name] && name.startsWith("LETHE_") && !read.some((known) => known === name))
    .sort()
    .map((variable) => ({ variable, nearest: closestMatch(variable, read, { maxDistance: slip - 1 }) }));
}

function defaultOf(variable: Variable): string | null {
  const fixed: Partial<Record<Variable, string | number>> = defaults;
  return fixed[variable]?.toString() ?? null;
}

function mask(variable: Variable, value: string): string {
  if (!secretVariables.includes(variable)) return value;
  const url = URL.parse(value);
  if (!url || url.host === "") return "(hidden)";
  const user = `${url.username}${url.password === "" ? "" : ":***"}`;
  return `${url.protocol}//${user === "" ? "" : `${user}@`}${url.host}${url.pathname}`;
}
