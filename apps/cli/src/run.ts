import { inspect } from "node:util";
import { CommanderError } from "commander";
import { createProgram } from "./create-program.ts";
import { CommandError, exitCodes, note } from "./output.ts";

/** Errors whose message is written for the operator; anything else is a mistake of ours and is shown whole. */
const explained = new Set(["CommandError", "DatabaseSetupError", "EnvironmentError", "LetheError"]);

const outage =
  "PostgreSQL went away, or can do nothing for the moment, before the command was done. What it has done stays. " +
  "See that it answers (pnpm lethe doctor tells), then call the command again.";

/** Whether a failure is the database's for the moment. Loaded where something has failed, and not before. */
async function isOutage(error: unknown): Promise<boolean> {
  const { outageOf } = await import("@lethe/core/database-error");
  return outageOf(error) !== undefined;
}

/**
 * Runs one command.
 * @param args the words after the program's name
 * @returns the exit code: 0 done, 1 failed, 2 called wrongly, 130 interrupted
 */
export async function run(args: string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: "user" });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (error instanceof Error && explained.has(error.name)) note(`Error: ${error.message}`);
    else if (await isOutage(error)) note(`Error: ${outage}`);
    else note(`Unexpected error, please report it: ${inspect(error)}`);
    return error instanceof CommandError ? error.exitCode : exitCodes.failed;
  }
}
