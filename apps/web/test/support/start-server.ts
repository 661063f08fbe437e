import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../server.ts", import.meta.url));
const appFolder = fileURLToPath(new URL("../../", import.meta.url));
const nextBinary = fileURLToPath(import.meta.resolve("next/dist/bin/next"));
const startTimeout = 60_000;
const stopTimeout = 20_000;

export type TestProcess = {
  url: string;
  pid: number;
  /** Everything it wrote to stdout. */
  stdout: () => string;
  /** Everything it wrote to stderr. */
  stderr: () => string;
  /** Sends a signal and waits for the end; answers the exit code, null when a signal ended it. */
  end: (signal: NodeJS.Signals) => Promise<number | null>;
};

/** Starts a server process as an operator does, on a free port, and waits for its line. */
export function startServer(
  environment: Record<string, string>,
  options: string[] = ["--api-only"],
): Promise<TestProcess> {
  return startProcess(process.execPath, [entry, ...options], { PORT: "0", ...environment });
}

/** Starts Next by itself over the production build, and waits until it says that it is ready. */
export function startNext(environment: Record<string, string>): Promise<TestProcess> {
  return startProcess(process.execPath, [nextBinary, "start", "--port", "0"], environment, appFolder);
}

/** Starts a process that prints its URL before or when it says "ready". Its environment is what is given, and PATH. */
export async function startProcess(
  command: string,
  args: string[],
  environment: Record<string, string>,
  cwd?: string,
): Promise<TestProcess> {
  const child: ChildProcess = spawn(command, args, {
    cwd,
    env: Object.assign(Object.create(null), {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LETHE_LOG_LEVEL: "warn",
      ...environment,
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout = collect(child, "stdout");
  const stderr = collect(child, "stderr");
  const url = await untilReady(child, stdout, stderr);
  return { url, pid: child.pid ?? 0, stdout, stderr, end: (signal) => endProcess(child, signal, stderr) };
}

function collect(child: ChildProcess, name: "stdout" | "stderr"): () => string {
  let text = "";
  child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

async function untilReady(child: ChildProcess, stdout: () => string, stderr: () => string): Promise<string> {
  const deadline = Date.now() + startTimeout;
  for (;;) {
    const url = /https?:\/\/\S+:\d+/.exec(stdout())?.[0];
    if (url && /ready/i.test(stdout())) return url;
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`The process did not get ready (exit code ${child.exitCode}):\n${stdout()}${stderr()}`);
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
