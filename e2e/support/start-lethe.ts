import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const startTimeoutMs = 120_000;
const stopTimeoutMs = 60_000;

/** A server of the production build. */
export type StartedLethe = {
  url: string;
  dataDir: string;
  /** What it has logged so far; empty where its log goes on to that of the tests. */
  log: () => string;
  /** Stops it, and removes its data folder. */
  stop: () => Promise<void>;
};

/**
 * Starts the production build as an operator would, on a new data folder, without limits that tests would meet.
 *
 * @param log "show" has its log in that of the tests
 * @param options of `apps/web/server.ts`
 */
export async function startLethe(
  environment: Record<string, string>,
  log: "show" | "keep" = "keep",
  options: string[] = [],
): Promise<StartedLethe> {
  const dataDir = mkdtempSync(join(tmpdir(), "lethe-e2e-"));
  const server = spawn(process.execPath, ["apps/web/server.ts", ...options], {
    cwd: root,
    env: {
      ...process.env,
      PORT: "0",
      LETHE_DATA_DIR: dataDir,
      LETHE_RATE_LIMIT: "0",
      LETHE_MAX_WRONG_KEYS: "0",
      LETHE_DRAIN_SECONDS: "0",
      ...environment,
    },
    stdio: ["ignore", "pipe", log === "show" ? "inherit" : "pipe"],
  });
  let logged = "";
  server.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    logged += chunk;
  });
  try {
    const url = await untilReady(server);
    return {
      ...{ url, dataDir, log: () => logged },
      stop: async () => {
        await stop(server);
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stop(server);
    throw error;
  }
}

/** Waits for the server's one line on standard output, which tells its address once all is ready. */
async function untilReady(server: ChildProcess): Promise<string> {
  let told = "";
  server.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    told += chunk;
  });
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    const url = /ready: (\S+)\n/.exec(told)?.[1];
    if (url) return url;
    if (server.exitCode !== null) throw new Error(`The server ended with exit code ${server.exitCode}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`The server was not ready within ${startTimeoutMs / 1000} s`);
}

function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return Promise.resolve();
  return new Promise((done) => {
    const kill = setTimeout(() => server.kill("SIGKILL"), stopTimeoutMs);
    server.once("exit", () => {
      clearTimeout(kill);
      done();
    });
    server.kill("SIGTERM");
  });
}
