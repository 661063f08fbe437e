import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The web processes of a server, by their parent; see proc_pid_stat(5). */
export function workersOf(primary: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isWorker(pid, primary));
}

function isWorker(pid: number, primary: number): boolean {
  const [state, parent] = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, "")
    .split(" ");
  return Number(parent) === primary && state !== "Z" && read(`/proc/${pid}/cmdline`).includes("server.ts");
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  return /\) [^Z] /.test(read(`/proc/${pid}/stat`));
}

/** How many connections to a port of the loopback a process holds, at the serving or the calling end; see proc(5). */
export function connectionsOf(pid: number, port: number, end: "serving" | "calling" = "serving"): number {
  const address = end === "serving" ? 1 : 2;
  const named = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const established = "01";
  const rows = read("/proc/net/tcp")
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const inodes = rows.flatMap((row) =>
    row[address]?.endsWith(named) && row[3] === established ? row.slice(9, 10) : [],
  );
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => link(`/proc/${pid}/fd/${fd}`)));
  return inodes.filter((inode) => open.has(`socket:[${inode}]`)).length;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
