import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a program to its end and answers what it printed; rejects, with that, unless it exits with 0. */
export async function runCommand(
  command: string,
  args: string[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, {
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
    ...(cwd !== undefined && { cwd }),
  });
  return stdout;
}
