import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export const startEntry = fileURLToPath(new URL("../../start.ts", import.meta.url));
export const serverEntry = fileURLToPath(new URL("../../server.ts", import.meta.url));
const appFolder = fileURLToPath(new URL("../../", import.meta.url));
const nextBinary = fileURLToPath(import.meta.resolve("next/dist/bin/next"));
const startTimeout = 120_000;
const stopTimeout = 60_000;

/** A process, ready or not. */
export type SpawnedProcess = {
  pid: number;
  /** Everything it wrote to stdout. */
  stdout: () => string;
  /** Everything it wrote to stderr. */
  stderr: () => string;
  /** How it ended; null as long as it runs. */
  ended: () => string | null;
  /** Closes our ends of its output, as a terminal that goes away. */
  hangUp: () => void;
  /** Sends a signal and waits for the end; answers the exit code, null when a signal ended it. */
  end: (signal: NodeJS.Signals) => Promise<number | null>;
};

/** A process that serves at `url`. */
export type TestProcess = SpawnedProcess & { url: string };

type Spawning = { cwd?: string; argv0?: string };

/** Starts a server process as an operator does, on a free port, and waits for its line. */
export function startServer(
  environment: Record<string, string>,
  options: string[] = ["--api-only"],
): Promise<TestProcess> {
  return untilReady(spawnServer(environment, options));
}

/** The same without waiting. */
export function spawnServer(environment: Record<string, string>, options = ["--api-only"]): SpawnedProcess {
  return spawnProcess(process.execPath, [serverEntry, ...options], { PORT: "0", ...environment });
}

/** Starts Next by itself over the production build, and waits until it says that it is ready. */
export function startNext(environment: Record<string, string>): Promise<TestProcess> {
  return startProcess(process.execPath, [nextBinary, "start", "--port", "0"], environment, {
    cwd: appFolder,
  });
}

/** Starts a process that prints its URL before or when it says "ready". Its environment is what is given, and PATH. */
export function startProcess(
  command: string,
  args: string[],
  environment: Record<string, string>,
  spawning: Spawning = {},
): Promise<TestProcess> {
  return untilReady(spawnProcess(command, args, environment, spawning));
}

/** Starts a process whose environment is what is given, PATH and what keeps tests quiet and quick. */
export function spawnProcess(
  command: string,
  args: string[],
  environment: Record<string, string>,
  spawning: Spawning = {},
): SpawnedProcess {
  const child: ChildProcess = spawn(command, args, {
    ...spawning,
    // Not a literal because Next declares that every environment has a NODE_ENV; an operator's has none.
    env: Object.assign(Object.create(null), {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      LETHE_LOG_LEVEL: "warn",
      LETHE_RATE_LIMIT: "0",
      LETHE_MAX_WRONG_KEYS: "0",
      LETHE_DRAIN_SECONDS: "0",
      ...environment,
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  killWithUs(child);
  const stderr = collect(child, "stderr");
  return {
    pid: child.pid ?? 0,
    stdout: collect(child, "stdout"),
    stderr,
    ended: () => child.signalCode ?? (child.exitCode === null ? null : `exit code ${child.exitCode}`),
    hangUp: () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
    end: (signal) => endProcess(child, signal, stderr),
  };
}

/** A test that fails half-way must not leave its servers behind, in whatever way its own process ends. */
function killWithUs(child: ChildProcess): void {
  const undertaker = spawn("sh", ["-c", "cat; kill -KILL $0", `${child.pid}`], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  undertaker.unref();
  child.once("exit", () => undertaker.kill("SIGKILL"));
}

function collect(child: ChildProcess, name: "stdout" | "stderr"): () => string {
  let text = "";
  child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** Waits until a process that was started says so. Ends it and throws when it does not. */
export async function untilReady(started: SpawnedProcess): Promise<TestProcess> {
  const deadline = Date.now() + startTimeout;
  for (;;) {
    const url = /https?:\/\/\S+:\d+/.exec(started.stdout())?.[0];
    if (url && /ready/i.test(started.stdout())) return { ...started, url };
    if (started.ended() !== null || Date.now() > deadline) {
      await started.end("SIGKILL");
      throw new Error(
        `The process did not get ready (${started.ended()}):\n${started.stdout()}${started.stderr()}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function endProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
  stderr: () => string,
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, "exit", { signal: AbortSignal.timeout(stopTimeout) });
  child.kill(signal);
  await gone.catch(() => {
    child.kill("SIGKILL");
    throw new Error(`The process did not end within ${stopTimeout} ms of ${signal}:\n${stderr()}`);
  });
  return child.exitCode;
}
