import { chown, readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { DatabaseSetupError } from "../connection-error.ts";
import { type Binaries, type Identity, run } from "./binaries.ts";
import type { DataFolder } from "./data-folder.ts";
import { chownFolder } from "./initialize.ts";

const SELF: Identity = { prefix: [] };

/**
 * A user namespace in which root's own files belong to `nobody`: the program reaches whatever root
 * owns, a checkout under root's private home included, without an account and without a chown.
 */
const NAMESPACE: Identity = {
  prefix: ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"],
};

/**
 * Decides as whom the server of this folder runs: the calling user; for root, the owner of an
 * existing cluster, else a user namespace, else an unprivileged account that is given the folder.
 *
 * Throws DatabaseSetupError `folder_not_usable` when none of them reaches the folder and the
 * programs, `unsupported_platform` when the programs do not run on this system.
 */
export const chooseIdentity = async (folder: DataFolder, binaries: Binaries): Promise<Identity> => {
  const self = process.geteuid?.();
  const owner = await stat(folder.cluster).catch(() => undefined);
  if (self !== 0) {
    if (owner !== undefined && owner.uid !== self) throw belongsToAnother(folder, owner.uid);
    // PostgreSQL wants a name for its user; a container may run under a number that has none.
    const identity = hasName() ? SELF : NAMESPACE;
    const tried = await tryAs(identity, folder, binaries);
    if (tried !== undefined) throw cannotRun(binaries, identity, tried);
    return identity;
  }
  if (owner !== undefined && owner.uid !== 0) {
    return { prefix: [], credentials: { uid: owner.uid, gid: owner.gid } };
  }
  const tried = await tryAs(NAMESPACE, folder, binaries);
  return tried === undefined ? NAMESPACE : unprivilegedAccount(folder, binaries, tried);
};

/** Undefined when `identity` can write the folder and run the server, else what was printed. */
const tryAs = async (identity: Identity, folder: DataFolder, { postgres }: Binaries) => {
  const script = 'test -w "$1" && exec "$2" --version';
  const { code, output } = await run(identity, ["sh", "-c", script, "sh", folder.root, postgres], {
    timeoutMs: 10_000,
  });
  return code === 0 ? undefined : output.trim();
};

const unprivilegedAccount = async (
  folder: DataFolder,
  binaries: Binaries,
  namespaceError: string,
): Promise<Identity> => {
  const accounts = await readFile("/etc/passwd", "utf8").catch(() => "");
  const line = /^postgres:.*$/m.exec(accounts) ?? /^nobody:.*$/m.exec(accounts);
  const [name, , uid, gid] = (line?.[0] ?? "nobody:x:65534:65534").split(":");
  const credentials = { uid: Number(uid), gid: Number(gid) };
  const before = await stat(folder.root);
  await chown(folder.root, credentials.uid, credentials.gid);
  const tried = await tryAs({ prefix: [], credentials }, folder, binaries);
  if (tried === undefined) {
    const exists = await stat(folder.cluster).catch(() => undefined);
    if (exists !== undefined) await chownFolder(credentials, folder.cluster);
    return { prefix: [], credentials };
  }
  await chown(folder.root, before.uid, before.gid);
  throw new DatabaseSetupError(
    "folder_not_usable",
    "PostgreSQL does not run as root. A user namespace is forbidden here " +
      `(${namespaceError || "unshare failed"}), and the account "${name}" cannot reach ${folder.root} ` +
      `or ${binaries.postgres} (${tried || "permission denied"}). Move the checkout and LETHE_DATA_DIR ` +
      "to a place that every user can enter, run Lethe as an ordinary user, or set DATABASE_URL.",
  );
};

const belongsToAnother = (folder: DataFolder, uid: number) =>
  new DatabaseSetupError(
    "folder_not_usable",
    `The database in ${folder.cluster} belongs to the user with id ${uid}. Run Lethe as that user, ` +
      "or set LETHE_DATA_DIR to another folder.",
  );

const cannotRun = ({ postgres }: Binaries, identity: Identity, output: string) =>
  new DatabaseSetupError(
    "unsupported_platform",
    `The embedded PostgreSQL (${postgres}) does not run on this system: ` +
      `${output || "it could not be started"}. ${
        identity === SELF
          ? "It needs Linux with glibc."
          : `The user id ${process.geteuid?.()} has no name in /etc/passwd; give it one.`
      } Or set DATABASE_URL to a PostgreSQL 15 or newer.`,
  );

const hasName = (): boolean => {
  try {
    return userInfo().username !== "";
  } catch {
    return false;
  }
};
