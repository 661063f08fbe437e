/**
 * `pnpm start`: builds what has changed since the last time, then serves. Until it is built nothing of the build can
 * be imported. Turbo ends with success when it is interrupted, so a shell's `&&` would go on to serve half a build.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { handleShutdownSignals, watchParent } from "./src/server/shutdown-signals.ts";

/** What turbo gets for stopping what it runs before it is killed; milliseconds. */
const timeoutMs = 3_000;

let stopped = false;
// Before turbo is there: a Ctrl-C that came between the two would end this process alone.
const ignoreSignals = handleShutdownSignals(stop, () => signalGroup("SIGKILL"));

// Its own process group, so that a Ctrl-C reaches it once, from here, and with it all that it runs. Its words go to
// stderr: stdout belongs to the line that says where Lethe listens.
const turbo = spawn("turbo", ["run", "build", "--output-logs=errors-only", "--log-prefix=none"], {
  detached: true,
  stdio: ["ignore", 2, 2],
});

function stop() {
  if (stopped) return;
  stopped = true;
  signalGroup("SIGINT");
  setTimeout(() => signalGroup("SIGKILL"), timeoutMs).unref();
}

function signalGroup(signal: NodeJS.Signals) {
  try {
    if (turbo.pid !== undefined) process.kill(-turbo.pid, signal);
  } catch {
    // It has ended.
  }
}

const ignoreLauncher = watchParent(stop);
const [code] = await once(turbo, "exit");
ignoreSignals();
ignoreLauncher();
if (stopped) process.exit(0);
if (code !== 0) process.exit(1);
await import("./server.ts");
