import { readFileSync } from "node:fs";
import { z } from "zod";
import { secretVariables, type Variable, variableNames } from "./variables.ts";

/** What a process is given: `process.env`, or the same for a test. */
export type Source = Readonly<Record<string, string | undefined>>;

/** A value as it was given, and by what: the variable itself or the file that `<name>_FILE` names. */
export type Given = { value: string; file: string | null };

const longestSecret = 65_536;

/**
 * Gathers the values of all variables. An empty variable counts as unset, as a compose file passes
 * it on. A file's trailing newlines are not part of the secret.
 */
export function collectValues(source: Source): { given: Map<Variable, Given>; problems: Problem[] } {
  const given = new Map<Variable, Given>();
  const problems: Problem[] = [];
  for (const variable of variableNames) {
    const value = source[variable];
    const file = secretVariables.includes(variable) ? source[`${variable}_FILE`] : undefined;
    if (value && file) {
      problems.push({
        variable,
        problem: `and ${variable}_FILE are both set.`,
        remedy: "Unset one of them.",
      });
    } else if (value) {
      given.set(variable, { value, file: null });
    } else if (file) {
      const read = readSecret(file);
      if ("secret" in read) given.set(variable, { value: read.secret, file });
      else problems.push({ variable: `${variable}_FILE`, ...read });
    }
  }
  return { given, problems };
}

function readSecret(file: string): { secret: string } | Omit<Problem, "variable"> {
  const remedy = "Give the path of a file that this user may read and that holds the value alone.";
  try {
    const secret = readFileSync(file, "utf8").replace(/[\r\n]+$/, "");
    if (secret === "") return { problem: `names an empty file: ${file}.`, remedy };
    if (secret.length > longestSecret) return { problem: `names a file over 64 KiB: ${file}.`, remedy };
    return { secret };
  } catch (error) {
    return { problem: `names a file that cannot be read (${errorCode(error)}): ${file}.`, remedy };
  }
}

/** One thing that is wrong with the environment, and what to do about it. */
export type Problem = { variable: string; problem: string; remedy: string };

/** Everything that is wrong with the environment, at once. Its message is meant for a terminal and holds no secret. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(({ variable, problem, remedy }) => `  ${variable} ${problem}\n    ${remedy}`);
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(`The environment has ${count}:\n${lines.join("\n")}`);
    this.problems = problems;
  }
}

const systemError = z.object({ code: z.string() });

/** The code of a system error, such as ENOENT, or "unknown error". */
function errorCode(error: unknown): string {
  const parsed = systemError.safeParse(error);
  return parsed.success ? parsed.data.code : "unknown error";
}
