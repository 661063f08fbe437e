import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export type Ended = { code: number | null; stdout: string; stderr: string };

const projectRoot = fileURLToPath(new URL("../../../", import.meta.url));
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/**
 * Starts the command line as a process of its own, with nothing of this process's settings.
 * `ended` resolves when it is over; nobody waits longer than a test does.
 */
export function startLethe(args: string[], settings: Record<string, string>) {
  return start(process.execPath, [main, ...args], settings);
}

/** Runs one command to its end; `input` is a file for its stdin. */
export function lethe(args: string[], settings: Record<string, string>, input?: string): Promise<Ended> {
  if (input === undefined) return startLethe(args, settings).ended;
  const command = 'input=$1; shift; exec "$@" < "$input"';
  return start("sh", ["-c", command, "sh", input, process.execPath, main, ...args], settings).ended;
}

/** Starts a program and collects what it writes. */
export function start(program: string, args: string[], settings: Record<string, string>) {
  const child = spawn(program, args, {
    cwd: projectRoot,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 180_000,
  });
  const written = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    written.stderr += text;
  });
  const ended = new Promise<Ended>((settle, fail) => {
    child.on("error", fail);
    child.on("close", (code) => settle({ code, ...written }));
  });
  return { child, ended, written };
}
