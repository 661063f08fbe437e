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

/**
 * The variables that look like Lethe's but are not read by this version: later or misspelt ones.
 * Names only, in alphabetical order.
 */
export function unusedVariables(source: Source = process.env): string[] {
  const read = new Set<string>([...variableNames, ...secretVariables.map((name) => `${name}_FILE`)]);
  return Object.keys(source)
    .filter((name) => source[name] && name.startsWith("LETHE_") && !read.has(name))
    .sort();
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
