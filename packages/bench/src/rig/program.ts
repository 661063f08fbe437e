import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A server that runs beside the bench. */
export type Program = { pid: number; origin: string; stop: () => Promise<void> };

export type ProgramOptions = {
  /** What Node runs, and its arguments. */
  args: (port: number) => string[];
  cwd: string;
  env: Record<string, string>;
  /** A path that is answered with 2xx, or at all, when the server is ready. */
  ready: { path: string; ok: boolean };
  /** Where its output goes. */
  log: string;
};

const startPatience = 60_000;
const stopPatience = 15_000;

/** Starts a Node program on a free port of its own and waits until it answers. */
export async function startProgram({ args, cwd, env, ready, log }: ProgramOptions): Promise<Program> {
  const port = await freePort();
  const child = spawn(process.execPath, args(port), {
    cwd,
    env: { ...process.env, HOST: "127.0.0.1", PORT: `${port}`, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Whoever ends the bench ends its servers.
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  const output = createWriteStream(log, { flags: "a" });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const origin = `http://127.0.0.1:${port}`;
  try {
    await untilReady(child, origin, ready, log);
  } catch (error) {
    await stopChild(child);
    throw error;
  }
  if (child.pid === undefined) throw new Error(`${args(port)[0]} has no process`);
  return { pid: child.pid, origin, stop: () => stopChild(child) };
}

async function untilReady(
  child: ChildProcess,
  origin: string,
  { path, ok }: ProgramOptions["ready"],
  log: string,
): Promise<void> {
  const until = performance.now() + startPatience;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`A server ended before it was ready; see ${log}`);
    const response = await fetch(new URL(path, origin)).catch(() => undefined);
    await response?.body?.cancel();
    if (response && (response.ok || !ok)) return;
    await sleep(50);
  }
  throw new Error(`A server was not ready within ${startPatience / 1_000} s; see ${log}`);
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopPatience);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("No free port");
  return address.port;
}
