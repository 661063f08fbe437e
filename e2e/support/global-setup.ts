import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const startTimeoutMs = 120_000;
const stopTimeoutMs = 60_000;

/**
 * Starts the production build as an operator would, on a new data folder with the demo, and hands its
 * address to the specs through LETHE_E2E_URL and LETHE_E2E_DATA_DIR.
 * @returns the teardown: stops the server and removes the folder.
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), "lethe-e2e-"));
  const server = spawn(process.execPath, ["apps/web/server.ts"], {
    cwd: root,
    env: {
      ...process.env,
      PORT: "0",
      LETHE_DATA_DIR: dataDir,
      LETHE_DEMO: "on",
      LETHE_RATE_LIMIT: "0",
      LETHE_MAX_WRONG_KEYS: "0",
      LETHE_DRAIN_SECONDS: "0",
      // The receivers of webhooks are on this machine.
      LETHE_WEBHOOK_PRIVATE: "on",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    process.env.LETHE_E2E_URL = await untilReady(server);
  } catch (error) {
    await stop(server);
    throw error;
  }
  process.env.LETHE_E2E_DATA_DIR = dataDir;
  return async () => {
    await stop(server);
    rmSync(dataDir, { recursive: true, force: true });
  };
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
