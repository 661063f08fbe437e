import { spawn } from "node:child_process";
import type { Identity } from "./identity.ts";

export type Ended = { code: number | null; output: string };

const OUTPUT_LIMIT = 64 * 1024;

/**
 * The environment of PostgreSQL's programs: nothing of PGHOST, PGDATA, PGOPTIONS and the like may
 * reach them, and their messages must be the English ones that we read. It is not a literal because
 * Next, where it is compiled along, declares that every environment has a NODE_ENV.
 */
export const programEnvironment = (): NodeJS.ProcessEnv =>
  Object.assign(Object.create(null), {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LC_ALL: "C",
    TZ: "UTC",
  });

/**
 * Runs a program to its end as `identity` and collects what it printed (64 KiB at most). A program
 * that cannot be started, or is still running after `timeoutMs`, ends with `code: null`.
 */
export const run = (
  identity: Identity,
  [program, ...args]: [string, ...string[]],
  { timeoutMs, cwd = "/" }: { timeoutMs: number; cwd?: string },
): Promise<Ended> =>
  new Promise((settle) => {
    const [first = program, ...rest] = [...identity.prefix, program, ...args];
    let output = "";
    const child = spawn(first, rest, {
      cwd,
      env: programEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      ...identity.credentials,
    });
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_LIMIT);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => settle({ code: null, output: error.message }));
    child.on("close", (code, signal) =>
      settle({ code, output: signal === null ? output : `${output}\n(ended by ${signal})` }),
    );
  });
