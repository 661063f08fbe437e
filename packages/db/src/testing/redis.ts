import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pingRedis } from "../redis.ts";
import { freePort, installPackage, runServer } from "./local-server.ts";

/** In Debian's redis-tools this is the server too, when it is called so: no service comes with it. */
const PROGRAM = "/usr/bin/redis-check-rdb";

export type TestRedis = {
  url: string;
  pid: number;
  /** Starts it again at the same address after its process was killed; it has forgotten everything. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
};

/**
 * Starts a real Redis on a free port of the loopback, that of the system, or for root one that apt-get
 * installs. Answers why not where it can be neither found nor installed.
 */
export const openRedis = async (): Promise<TestRedis | { missing: string }> => {
  const missing = await installPackage("redis-tools", PROGRAM);
  if (missing !== null) return { missing };
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const start = async () => {
    const folder = await mkdtemp(join(tmpdir(), "lethe-redis-"));
    const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", folder];
    return runServer([PROGRAM, ...options], { argv0: "redis-server", folder, ask: () => pingRedis({ url }) });
  };
  let running = await start();
  return {
    url,
    get pid() {
      return running.pid;
    },
    restart: async () => {
      await running.stop();
      running = await start();
    },
    stop: () => running.stop(),
  };
};
