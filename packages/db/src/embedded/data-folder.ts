import { access, constants, mkdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DatabaseSetupError, errorCode } from "../connection-error.ts";
import { type Binaries, type Identity, run } from "./binaries.ts";

/** Where the parts of an embedded database live; all paths absolute, symbolic links resolved. */
export type DataFolder = {
  root: string;
  /** PostgreSQL's own data directory. */
  cluster: string;
  log: string;
  /** The superuser's password; readable by its owner alone. */
  password: string;
  /** The port of the running server, or the one that it had last. */
  port: string;
};

/** The parts of the data folder at `root`, whether they exist or not. */
export const dataFolderAt = (root: string): DataFolder => ({
  root,
  cluster: join(root, "postgres"),
  log: join(root, "postgres.log"),
  password: join(root, "postgres.password"),
  port: join(root, "postgres.port"),
});

const WHY: Record<string, string> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is a file, not a folder",
  ENOENT: "no folder can be made there",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "its symbolic links lead in a circle",
  EEXIST: "it is a file, not a folder",
};

/** Says what to do about a folder that did not let us do something, if that is what `error` is about. */
export const explainFolderError = (folder: string, error: unknown): unknown => {
  const code = errorCode(error) ?? "";
  const why = WHY[code];
  if (why === undefined) return error;
  return new DatabaseSetupError(
    code === "ENOSPC" ? "disk_full" : "folder_not_usable",
    `Cannot use ${folder} as the data folder: ${why}. ` +
      "Set LETHE_DATA_DIR to a folder that this user can write, or DATABASE_URL to a PostgreSQL of your own.",
    { cause: error },
  );
};

/**
 * Creates a folder and those above it that are missing. Node's own `recursive` tries for ever where a file system
 * says that what is there is not (/proc), and hides why where the first folder that is missing cannot be made.
 */
const makeFolder = async (path: string): Promise<void> => {
  const make = () =>
    mkdir(path, { mode: 0o700 }).catch(async (error: unknown) => {
      if (errorCode(error) !== "EEXIST" || !(await stat(path)).isDirectory()) throw error;
    });
  try {
    await make();
  } catch (error) {
    if (errorCode(error) !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await make();
  }
};

/**
 * Creates the folder (0700) when it is missing and proves that it can be written.
 *
 * Throws DatabaseSetupError `folder_not_usable` or `disk_full`.
 */
export const prepareDataFolder = async (dataDir: string): Promise<DataFolder> => {
  const asked = resolve(dataDir);
  try {
    await makeFolder(asked);
    await access(asked, constants.R_OK | constants.W_OK | constants.X_OK);
    return dataFolderAt(await realpath(asked));
  } catch (error) {
    throw explainFolderError(asked, error);
  }
};

/**
 * The major version of the programs, proved to be that of the cluster if there is one.
 *
 * Throws DatabaseSetupError `other_major_version` or `start_failed`.
 */
export const checkVersion = async (
  folder: DataFolder,
  identity: Identity,
  { postgres }: Binaries,
): Promise<number> => {
  const { output } = await run(identity, [postgres, "--version"], { timeoutMs: 10_000 });
  const major = Number.parseInt(/\(PostgreSQL\) (\d+)/.exec(output)?.[1] ?? "", 10);
  if (!(major > 0)) {
    throw new DatabaseSetupError(
      "start_failed",
      `${postgres} does not tell its version: ${output.trim() || "it printed nothing"}. ` +
        "Install the dependencies again, or set DATABASE_URL.",
    );
  }
  const existing = await readFile(join(folder.cluster, "PG_VERSION"), "utf8").catch(() => undefined);
  if (existing !== undefined && Number.parseInt(existing, 10) !== major) {
    throw new DatabaseSetupError(
      "other_major_version",
      `The database in ${folder.cluster} was created by PostgreSQL ${existing.trim()}, and this version ` +
        `of Lethe brings PostgreSQL ${major}, which cannot read it. Dump it with the Lethe that created ` +
        "it (pg_dump), move the folder away, start again and load the dump; or set LETHE_DATA_DIR to another folder.",
    );
  }
  return major;
};
