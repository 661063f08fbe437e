import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { access, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { DatabaseSetupError, errorCode } from "../connection-error.ts";
import { writeFileAtomic } from "../write-file-atomic.ts";
import { run } from "./binaries.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Server } from "./find-running.ts";
import { withFolderLock } from "./folder-lock.ts";
import { explainFailure } from "./spawn-postmaster.ts";

const TIMEOUT_MS = 120_000;
const DRAFT = "postgres.new-";

/**
 * Creates the cluster when the folder has none. It is built beside its final place and then renamed,
 * so a process killed half-way leaves nothing that looks like a database; the next one sweeps up.
 *
 * Every process of `initdb` inherits a lock on the draft, and goes on for a while when ours is killed: nobody sweeps
 * up what is still written, and nobody writes what is being swept up.
 *
 * Call it under the start lock. Throws DatabaseSetupError.
 */
export const initializeCluster = async (server: Server): Promise<void> => {
  const { folder, identity, binaries } = server;
  await sweepDrafts(server);
  const exists = await access(folder.cluster).then(
    () => true,
    () => false,
  );
  if (exists) return;

  server.log(`Creating a database in ${folder.cluster}`);
  const draft = await mkdtemp(join(folder.root, DRAFT));
  try {
    const cluster = join(draft, "cluster");
    const passwordFile = join(draft, "password");
    await writeFile(passwordFile, server.password, { mode: 0o600 });
    if (identity.credentials !== undefined) await chownFolder(identity.credentials, draft);
    const lock = ["--no-fork", "--nonblock", `${draft}/.`];
    const { code, output } = await run(
      identity,
      [
        "flock",
        ...lock,
        binaries.initdb,
        `--pgdata=${cluster}`,
        "--username=lethe",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        ...localeOptions(server.major),
        "--no-instructions",
      ],
      { timeoutMs: TIMEOUT_MS },
    );
    if (code !== 0) throw explainFailure(server, "create", output);
    await rename(cluster, folder.cluster);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
};

/** Unicode rules that are the same on every machine; before PostgreSQL 17 only the system has them. */
const localeOptions = (major: number): string[] =>
  major >= 17
    ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    : ["--locale=C.UTF-8"];

const sweepDrafts = async ({ folder, log }: Server) => {
  for (const name of await readdir(folder.root)) {
    if (!name.startsWith(DRAFT)) continue;
    const draft = join(folder.root, name);
    log(`Removing ${draft}, left by a start that was killed`);
    await withFolderLock(draft, () => rm(draft, { recursive: true, force: true }), {
      waitSeconds: TIMEOUT_MS / 1000,
      timedOut:
        `The programs of a start that was killed have been working in ${draft} for ` +
        `${TIMEOUT_MS / 1000} seconds. Look for a hanging initdb and end it, then start again.`,
    });
  }
};

/**
 * The superuser's password, made on the first call for a folder.
 *
 * Throws DatabaseSetupError `folder_not_usable` when the file cannot be read.
 */
export const readOrCreatePassword = async (folder: DataFolder): Promise<string> => {
  try {
    return (await readFile(folder.password, "utf8")).trim();
  } catch (error) {
    if (errorCode(error) !== "ENOENT") {
      throw new DatabaseSetupError(
        "folder_not_usable",
        `Cannot read ${folder.password}: it belongs to the user who created the database. ` +
          "Run Lethe as that user, or set LETHE_DATA_DIR to another folder.",
        { cause: error },
      );
    }
  }
  const password = randomBytes(24).toString("base64url");
  await writeFileAtomic(folder.password, `${password}\n`);
  return password;
};

/** Makes an account the owner of a folder and all that is in it. */
export const chownFolder = async (
  { uid, gid }: { uid: number; gid: number },
  folder: string,
): Promise<void> => {
  await promisify(execFile)("chown", ["-R", `${uid}:${gid}`, folder]);
};
