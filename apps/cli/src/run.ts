import { inspect } from "node:util";
import { CommanderError } from "commander";
import { createProgram } from "./create-program.ts";
import { CommandError, exitCodes, note } from "./output.ts";

/** Errors whose message is written for the operator; anything else is a mistake of ours and is shown whole. */
const explained = new Set(["CommandError", "DatabaseSetupError", "EnvironmentError", "LetheError"]);

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
    else note(`Unexpected error, please report it: ${inspect(error)}`);
    return error instanceof CommandError ? error.exitCode : exitCodes.failed;
  }
}
