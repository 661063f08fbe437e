import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";

/** Waits until its input closes: when it is told to, or when the process that started it is gone. */
const SCRIPT = `
read -r _
pid=$(head -n 1 "$1/postgres/postmaster.pid")
[ "$(readlink "/proc/$pid/cwd")" = "$1/postgres" ] && kill -QUIT "$pid"
for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$2" && exit; sleep 0.5; done`;

/**
 * Sees to it that a database in `dataDir` is killed and the folder `home` around it removed: at the
 * latest when this process dies, in whatever way. The function that it returns does it at once.
 */
export const spawnReaper = (dataDir: string, home: string): (() => Promise<void>) => {
  const reaper = spawn("sh", ["-c", SCRIPT, "sh", dataDir, home], {
    detached: true,
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
  });
  reaper.unref();
  return async () => {
    // A program that waits for nothing else must not end before.
    reaper.ref();
    await new Promise<void>((gone) => {
      reaper.once("close", () => gone());
      reaper.stdin.end();
    });
    await rm(home, { recursive: true, force: true });
  };
};
