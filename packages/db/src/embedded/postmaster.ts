import { readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolder } from "./data-folder.ts";

export type Postmaster = { pid: number; port: number | undefined };

export const pidFile = (folder: DataFolder): string => join(folder.cluster, "postmaster.pid");

/** What PostgreSQL wrote down about itself when it started; nothing proves that it still runs. */
export const readPostmaster = async (folder: DataFolder): Promise<Postmaster | undefined> => {
  const lines = await readFile(pidFile(folder), "utf8").then(
    (text) => text.split("\n"),
    () => [],
  );
  const pid = Number.parseInt(lines[0] ?? "", 10);
  const port = Number.parseInt(lines[3] ?? "", 10);
  return pid > 0 ? { pid, port: port > 0 ? port : undefined } : undefined;
};

/**
 * Whether the process works in this cluster. Every process of a PostgreSQL server has the data
 * directory as its working directory, so a recycled process id is told from a real one.
 */
export const servesCluster = (folder: DataFolder, pid: number): Promise<boolean> =>
  readlink(`/proc/${pid}/cwd`).then(
    (cwd) => cwd === folder.cluster,
    () => false,
  );
