import { access, constants, mkdir, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { errorCode } from "../error-code.ts";
import { DatabaseSetupError } from "../setup-error.ts";

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
