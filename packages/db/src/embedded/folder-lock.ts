import { spawn } from "node:child_process";
import { once } from "node:events";
import { DatabaseSetupError } from "../connection-error.ts";
import { programEnvironment } from "./binaries.ts";
import type { DataFolder } from "./data-folder.ts";

const START_SECONDS = 180;
const CONFLICT = 75;

/** Runs `work` while no other process starts or stops the server of this folder; see `withFolderLock`. */
export const withStartLock = <T>(folder: DataFolder, work: () => Promise<T>): Promise<T> =>
  withFolderLock(folder.root, work, {
    waitSeconds: START_SECONDS,
    timedOut:
      `Another process has been starting or stopping the database in ${folder.root} for ` +
      `${START_SECONDS} seconds. Look for a hanging Lethe process, then try again.`,
  });

/**
 * Runs `work` while no other process has the lock of a folder.
 *
 * The kernel holds the lock (flock(2) on the folder itself) and gives it back when this process dies
 * in whatever way, so there is no lock file to go stale. Node has no flock: util-linux' does it, in a
 * process that lives until its input closes. Throws DatabaseSetupError: `timed_out` with the words of `timedOut`
 * after `waitSeconds`, `folder_not_usable` where there can be no lock.
 */
export const withFolderLock = async <T>(
  path: string,
  work: () => Promise<T>,
  { waitSeconds, timedOut }: { waitSeconds: number; timedOut: string },
): Promise<T> => {
  const limits = ["--wait", `${waitSeconds}`, "--conflict-exit-code", `${CONFLICT}`];
  const hold = ["sh", "-c", "echo locked; exec cat >/dev/null"];
  const holder = spawn("flock", [...limits, `${path}/.`, ...hold], {
    detached: true,
    env: programEnvironment(),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaint = "";
  holder.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  holder.stdin.on("error", () => {});
  const ended = once(holder, "close");
  const locked = once(holder.stdout, "data").then(() => true);
  const [code] = await Promise.race([
    locked.then(() => [undefined]),
    ended.catch((error: Error) => {
      complaint = error.message;
      return [null];
    }),
  ]);
  if (code === CONFLICT) throw new DatabaseSetupError("timed_out", timedOut);
  if (code !== undefined) throw notLocked(path, complaint);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
};

const notLocked = (path: string, complaint: string) =>
  new DatabaseSetupError(
    "folder_not_usable",
    `Cannot lock ${path}: ${complaint.trim() || "flock failed"}. The embedded database needs ` +
      "`flock` (util-linux) and a local file system. Set LETHE_DATA_DIR to another folder, or DATABASE_URL.",
  );
