import { type SpawnOptions, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../embedded/binaries.ts";

const INSTALL_TIMEOUT_MS = 240_000;
const START_TIMEOUT_MS = 60_000;

/** One at a time on this machine, and without starting services that come with the package. */
const INSTALL = `
export DEBIAN_FRONTEND=noninteractive
[ -e /usr/sbin/policy-rc.d ] || {
  printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}
apt-get update -q &&
  apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold \\
    -o DPkg::Lock::Timeout=120 "$0"`;

/**
 * Sees to it that a program is there: that of the system, or for root one that apt-get installs (4 minutes at
 * most). Answers why not, in words for a skipped test, or null.
 */
export const installPackage = async (name: string, program: string): Promise<string | null> => {
  if (existsSync(program)) return null;
  if (process.geteuid?.() !== 0) return `${name} is not installed, and only root can install it`;
  const { code, output } = await run(
    { prefix: ["flock", "--wait", "240", "/tmp/lethe-install.lock"] },
    ["sh", "-c", INSTALL, name],
    { timeoutMs: INSTALL_TIMEOUT_MS },
  );
  if (existsSync(program)) return null;
  return `${name} could not be installed (apt-get: ${code}): ${output.slice(-300)}`;
};

/**
 * A port of the loopback that nobody has. It is none that the system gives out by itself (from 32768 on), to other
 * tests and to whoever connects: it stays free until its server has it, and while that is started again.
 */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(15_000, 32_000);
    const holder = createServer().listen(port, "127.0.0.1");
    const isFree = await once(holder, "listening").then(
      () => true,
      () => false,
    );
    holder.close();
    if (isFree) {
      await once(holder, "close");
      return port;
    }
  }
  throw new Error("There is no free port");
};

export type LocalServer = { pid: number; stop: () => Promise<void> };

/** Kills the server with its own processes and removes its folder when the process that started it is gone or says so. */
const REAPER = 'cat; kill -KILL "-$0" 2>/dev/null; rm -rf "$1"';

/** Runs a server with throw-away data in `folder`, and answers when `ask` no longer rejects. */
export const runServer = async (
  [program, ...args]: [string, ...string[]],
  { folder, ask, ...options }: { folder: string; ask: () => Promise<unknown> } & SpawnOptions,
): Promise<LocalServer> => {
  // A group of its own: killed alone, an nginx would leave its workers, which go on answering.
  const server = spawn(program, args, { ...options, stdio: "ignore", detached: true });
  const exited = once(server, "exit");
  const { pid } = server;
  if (pid === undefined) throw new Error(`${program} could not be started`);
  const reaper = spawn("sh", ["-c", REAPER, `${pid}`, folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  reaper.unref();
  const stop = async () => {
    reaper.stdin.end();
    await exited;
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const answers = await ask().then(
      () => true,
      () => false,
    );
    if (answers) return { pid, stop };
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`${program} did not start (exit code ${server.exitCode})`);
    }
    await sleep(50);
  }
};
