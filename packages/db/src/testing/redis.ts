import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../embedded/run.ts";
import { pingRedis } from "../redis/ping-redis.ts";

/** In Debian's redis-tools this is the server too, when it is called so: no service comes with it. */
const PROGRAM = "/usr/bin/redis-check-rdb";
const INSTALL_TIMEOUT_MS = 180_000;
const START_TIMEOUT_MS = 15_000;
const INSTALL = `
export DEBIAN_FRONTEND=noninteractive
apt-get update -q &&
  apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 redis-tools`;

/** Ends Redis and its folder when the process that started it is gone or says so. */
const UNDERTAKER = 'cat; kill -KILL "$0" 2>/dev/null; rm -rf "$1"';

export type TestRedis = {
  url: string;
  pid: number;
  /** Starts it again at the same address after its process was killed; it has forgotten everything. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
};

/**
 * Starts a real Redis on a free port of the loopback, that of the system, or for root one that apt-get
 * installs (3 minutes at most). Answers why not where it can be neither found nor installed.
 */
export const openRedis = async (): Promise<TestRedis | { missing: string }> => {
  if (!existsSync(PROGRAM)) {
    if (process.geteuid?.() !== 0) return { missing: "redis-tools is not installed, and only root can" };
    const { code, output } = await run(
      { prefix: ["flock", "--wait", "180", "/tmp/lethe-redis.lock"] },
      ["sh", "-c", INSTALL],
      { timeoutMs: INSTALL_TIMEOUT_MS },
    );
    if (!existsSync(PROGRAM)) {
      return { missing: `redis-tools could not be installed (apt-get: ${code}): ${output.slice(-300)}` };
    }
  }
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let running = await start(port, url);
  return {
    url,
    get pid() {
      return running.pid;
    },
    restart: async () => {
      await running.stop();
      running = await start(port, url);
    },
    stop: () => running.stop(),
  };
};

const start = async (port: number, url: string) => {
  const folder = await mkdtemp(join(tmpdir(), "lethe-redis-"));
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", folder];
  const server = spawn(PROGRAM, options, { argv0: "redis-server", stdio: "ignore" });
  const exited = once(server, "exit");
  const pid = server.pid;
  if (pid === undefined) throw new Error(`${PROGRAM} could not be started`);
  const undertaker = spawn("sh", ["-c", UNDERTAKER, `${pid}`, folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  undertaker.unref();
  const stop = async () => {
    undertaker.stdin.end();
    await exited;
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const answers = await pingRedis({ url }).then(
      () => true,
      () => false,
    );
    if (answers) return { pid, stop };
    if (server.exitCode !== null || Date.now() > deadline) {
      undertaker.stdin.end();
      throw new Error(`Redis did not start (exit code ${server.exitCode})`);
    }
    await sleep(50);
  }
};

const freePort = async (): Promise<number> => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const address = holder.address();
  holder.close();
  await once(holder, "close");
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
};
