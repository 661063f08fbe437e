import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
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
  const port = await freePort();
  const server = spawn(process.execPath, ["apps/web/server.ts"], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      LETHE_DATA_DIR: dataDir,
      LETHE_DEMO: "on",
      LETHE_RATE_LIMIT: "0",
      LETHE_MAX_WRONG_KEYS: "0",
      LETHE_DRAIN_SECONDS: "0",
      // The receivers of webhooks are on this machine.
      LETHE_WEBHOOK_PRIVATE: "on",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const url = `http://localhost:${port}`;
  try {
    await untilReady(server, url);
  } catch (error) {
    await stop(server);
    throw error;
  }
  process.env.LETHE_E2E_URL = url;
  process.env.LETHE_E2E_DATA_DIR = dataDir;
  return async () => {
    await stop(server);
    rmSync(dataDir, { recursive: true, force: true });
  };
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address ? done(address.port) : fail()));
    });
  });
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`The server ended with exit code ${server.exitCode}`);
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 200));
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
