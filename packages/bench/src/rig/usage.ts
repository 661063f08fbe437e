import { readdirSync, readFileSync, writeFileSync } from "node:fs";

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
