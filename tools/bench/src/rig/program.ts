import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A server that runs beside the bench. */
type Program = { pid: number; origin: string; stop: () => Promise<void> };

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

/** The folder of this package, and that of the whole project; absolute. */
export const packageFolder: string = fileURLToPath(new URL("../../", import.meta.url));
export const repository: string = fileURLToPath(new URL("../../../../", import.meta.url));

/** Linux tells CPU time in hundredths of a second to every program (`sysconf(_SC_CLK_TCK)`). */
const ticksPerSecond = 100;

type Stat = { pid: number; parent: number; ticks: number };

/** One process of `/proc`; undefined when it has just ended. See proc_pid_stat(5). */
function readStat(pid: number): Stat | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")
      .map(Number);
    // From the third field on: state, ppid, …; utime, stime and those of children that were waited for.
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
    return { pid, parent: fields[1] ?? 0, ticks };
  } catch {
    return undefined;
  }
}

/** A process and everything that descends from it. */
function treeOf(root: number): Stat[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/** CPU seconds that a process and its descendants, ended ones included, have used so far. */
export function cpuSeconds(pid: number): number {
  return treeOf(pid).reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond;
}

function memory(pid: number, field: "VmHWM" | "VmRSS"): number {
  return treeOf(pid).reduce((sum, process) => {
    const status = readFileSync(`/proc/${process.pid}/status`, "utf8");
    return sum + Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) * 1_024;
  }, 0);
}

/** The resident memory of a process and its descendants, in bytes. */
export const residentBytes = (pid: number): number => memory(pid, "VmRSS");

/** The most of it since `resetPeak`, in bytes. */
export const peakBytes = (pid: number): number => memory(pid, "VmHWM");

/** Makes the present the peak (proc_pid_clear_refs(5)). */
export function resetPeak(pid: number): void {
  for (const process of treeOf(pid)) writeFileSync(`/proc/${process.pid}/clear_refs`, "5");
}
