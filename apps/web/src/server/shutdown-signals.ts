import { readFileSync } from "node:fs";

/** A terminal signals a whole process group, and a parent passes the same Ctrl-C on: one press, several signals. */
const samePress = 1_000;

/** Ctrl-C, what a supervisor sends, a terminal that closes, and Ctrl-\. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

type StopSignal = (typeof signals)[number];

/**
 * Calls `stop` at the first signal that asks a process to end, and `hurry` at every later one, other than an echo
 * of the first. Answers a function that leaves signals to others again.
 */
export function handleShutdownSignals(stop: (signal: StopSignal) => void, hurry: () => void): () => void {
  let since: number | null = null;
  const listeners = signals.map((signal) => {
    const obey = () => {
      if (since === null) {
        since = performance.now();
        stop(signal);
      } else if (performance.now() - since > samePress) hurry();
    };
    process.on(signal, obey);
    return () => process.off(signal, obey);
  });
  return () => {
    for (const ignore of listeners) ignore();
  };
}

type Ancestor = { pid: number; parent: number; startedAt: string; command: string };

/** How often to look; milliseconds. */
const interval = 1_000;
const longestChain = 12;
const packageManager = /(^|[/ \0])(npm|npx|pnpm|yarn)(\.c?js)?([ \0]|$)/;
const shellCommand = /^(\S*\/)?(sh|bash|dash)\0-c\0/;

/**
 * Calls `onGone` when the package manager that this process was started through is gone. npx does not
 * pass a `kill` on to what it runs, so without this the server would stay behind, unseen. Shells are
 * looked at only between package managers: whoever starts in the background and leaves keeps the server.
 *
 * Does nothing where there is no /proc, or no package manager. Answers a function that ends it.
 */
export function watchParent(onGone: () => void): () => void {
  const watched = findLauncher();
  if (watched.length === 0) return () => {};
  const timer = setInterval(() => {
    if (watched.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  }, interval);
  timer.unref();
  return () => clearInterval(timer);
}

function findLauncher(): Ancestor[] {
  const chain: Ancestor[] = [];
  for (let pid = process.ppid; pid > 1 && chain.length < longestChain; ) {
    const ancestor = readProcess(pid);
    if (!ancestor || !(packageManager.test(ancestor.command) || shellCommand.test(ancestor.command))) break;
    chain.push(ancestor);
    pid = ancestor.parent;
  }
  const outermost = chain.findLastIndex(({ command }) => isPackageManager(command));
  return chain.slice(0, outermost + 1);
}

function isPackageManager(command: string): boolean {
  return packageManager.test(command) && !shellCommand.test(command);
}

function isAlive({ pid, startedAt }: Ancestor): boolean {
  return readProcess(pid)?.startedAt === startedAt;
}

/** A process as /proc tells of it (proc_pid_stat(5)); undefined when it is gone or has ended. */
function readProcess(pid: number): Ancestor | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const startedAt = rest[17];
    if (state === "Z" || parent === undefined || startedAt === undefined) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return { pid, parent: Number(parent), startedAt, command };
  } catch {
    return undefined;
  }
}
