import { setTimeout as sleep } from "node:timers/promises";
import { type SpawnedProcess, spawnServer, untilReady } from "../start-server.ts";
import { workersOf } from "../workers-of.ts";

const pauseMs = 100;
const startAttempts = 60;

/** A server process that is started again whenever it ends, as a service manager would. */
export type KeptServer = {
  /** Where it serves; undefined while it does not. */
  url: () => string | undefined;
  /** Kills (-9) the process, be it ready or still starting. */
  kill: () => Promise<void>;
  /** Kills (-9) one of its web processes; false if there is none. */
  killWorker: () => boolean;
  /** Starts that failed without being killed: the database was away just then. */
  failedStarts: () => number;
  /** What a process said that served and ended although nobody killed it. */
  surprises: () => readonly string[];
  /** Stops it, and starts it no more. */
  close: () => Promise<void>;
};

/** Starts a server with this environment, and goes on starting it; does not wait until it is ready. */
export function keepServer(environment: Record<string, string>): KeptServer {
  const killed = new WeakSet<SpawnedProcess>();
  const surprises: string[] = [];
  let failedStarts = 0;
  let failedInARow = 0;
  let closing = false;
  let url: string | undefined;
  let current: SpawnedProcess | undefined;

  async function serveOnce() {
    const server = spawnServer(environment);
    current = server;
    const ready = await untilReady(server).catch((error: Error) => error);
    if (ready instanceof Error) {
      if (closing || killed.has(server)) return;
      failedStarts += 1;
      failedInARow += 1;
      if (failedInARow >= startAttempts) surprises.push(ready.message);
      return;
    }
    failedInARow = 0;
    url = ready.url;
    while (server.ended() === null) await sleep(10);
    url = undefined;
    if (!closing && !killed.has(server)) surprises.push(`${server.ended()}: ${lastWords(server)}`);
  }

  async function keepServing() {
    while (!closing && failedInARow < startAttempts) {
      await serveOnce();
      await sleep(pauseMs);
    }
  }
  const kept = keepServing();

  return {
    url: () => url,
    kill: async () => {
      const server = current;
      if (server === undefined || server.ended() !== null) return;
      killed.add(server);
      url = undefined;
      await server.end("SIGKILL");
    },
    killWorker: () => {
      const [worker] = current === undefined || url === undefined ? [] : workersOf(current.pid);
      if (worker === undefined) return false;
      process.kill(worker, "SIGKILL");
      return true;
    },
    failedStarts: () => failedStarts,
    surprises: () => surprises,
    close: async () => {
      closing = true;
      await current?.end("SIGTERM");
      await kept;
    },
  };
}

/** What it logged as fatal, or at last. */
function lastWords(server: SpawnedProcess): string {
  const lines = server.stderr().trim().split("\n");
  return (lines.find((line) => line.includes('"level":"fatal"')) ?? lines.slice(-5).join("\n")).slice(
    0,
    2_000,
  );
}
