import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, type TestContext, test } from "vitest";
import { holdDatabase } from "../testing/hold-database.ts";
import { withPatience } from "../testing/start-test-server.ts";
import { copiedDataFolder, temporaryDataFolder } from "../testing/temporary-folder.ts";
import { bundledBinaries } from "./binaries.ts";
import { dataFolderAt } from "./data-folder.ts";
import { readPostmaster } from "./find-running.ts";
import { openEmbedded } from "./open-embedded.ts";

beforeEach(({ skip }) => skip(process.geteuid?.() !== 0, "only root can run programs as somebody else"));

/** A number without a name, as a container may run under. */
const NAMELESS = { uid: 54_321, gid: 54_321 };
const NOBODY = { uid: 65_534, gid: 65_534 };

const writeAndRead = (url: string) =>
  withPatience(url, async (client) => {
    await client.query("CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer");
    return (await client.query("TABLE kept")).rows;
  });

test("root, with the data under a private folder of root's own", async ({ skip }) => {
  skip(!(await works("unshare", "--user", "true")), "user namespaces are forbidden here");
  const home = await mkdtemp(join(homedir(), "lethe-private-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await chmod(home, 0o700);
  const dataDir = await temporaryDataFolder(home);
  const database = await openEmbedded({ dataDir });
  expect(await writeAndRead(database.url)).toEqual([{ answer: 42 }]);
  const postmaster = await readPostmaster(dataFolderAt(dataDir));
  const status = await readFile(`/proc/${postmaster?.pid}/status`, "utf8");
  expect(status).toMatch(/^Uid:\s+0\s/m);
  await database.close();
});

test("root, where user namespaces are forbidden", async ({ skip }) => {
  const reason = await unreachableFor(bundledBinaries().postgres);
  skip(reason !== undefined, reason);
  const dataDir = await temporaryDataFolder("/tmp");
  const holder = await holdDatabase(dataDir, { prefix: await withoutNamespaces(skip) });
  expect(await writeAndRead(holder.url)).toEqual([{ answer: 42 }]);
  const { cluster } = dataFolderAt(dataDir);
  expect((await stat(cluster)).uid).not.toBe(0);
  expect(await holder.leave()).toBe(0);

  // The folder stays usable where namespaces are allowed again.
  const database = await openEmbedded({ dataDir });
  expect(await writeAndRead(database.url)).toEqual([{ answer: 42 }]);
  await database.close();
});

test("a database that root made in a namespace goes on where namespaces are forbidden", async ({ skip }) => {
  const reason = await unreachableFor(bundledBinaries().postgres);
  skip(reason !== undefined, reason);
  const dataDir = await temporaryDataFolder("/tmp");
  const database = await openEmbedded({ dataDir });
  await writeAndRead(database.url);
  await database.close();
  const holder = await holdDatabase(dataDir, { prefix: await withoutNamespaces(skip) });
  expect(await writeAndRead(holder.url)).toEqual([{ answer: 42 }]);
  expect(await holder.leave()).toBe(0);
});

test("root, no namespaces, a folder that nobody else can enter: an error that helps", async ({ skip }) => {
  const dataDir = await temporaryDataFolder("/tmp");
  await chmod(join(dataDir, ".."), 0o700);
  await expect(holdDatabase(dataDir, { prefix: await withoutNamespaces(skip) })).rejects.toThrow(
    /does not run as root.*LETHE_DATA_DIR.*DATABASE_URL/s,
  );
});

test.for([NOBODY, NAMELESS])("the ordinary user $uid", async (user, { skip }) => {
  const named = user === NOBODY || (await works("unshare", "--user", "true"));
  skip(!named, "user namespaces are forbidden here");
  const reason = await unreachableFor(bundledBinaries().postgres);
  skip(reason !== undefined, reason);
  const dataDir = await temporaryDataFolder("/tmp");
  await chown(join(dataDir, ".."), user.uid, user.gid);
  const holder = await holdDatabase(dataDir, { as: user });
  expect(await writeAndRead(holder.url)).toEqual([{ answer: 42 }]);
  expect((await stat(dataFolderAt(dataDir).cluster)).uid).toBe(user.uid);
  expect(await holder.leave()).toBe(0);

  // Root that comes later works as that user.
  const database = await openEmbedded({ dataDir });
  expect(await writeAndRead(database.url)).toEqual([{ answer: 42 }]);
  await database.close();
  expect((await stat(dataFolderAt(dataDir).cluster)).uid).toBe(user.uid);

  // And the user can go on after root.
  const again = await holdDatabase(dataDir, { as: user });
  expect(await again.leave()).toBe(0);
});

test("an ordinary user in a folder of root's: an error that helps", async ({ skip }) => {
  const reason = await unreachableFor(bundledBinaries().postgres);
  skip(reason !== undefined, reason);
  const dataDir = await temporaryDataFolder("/tmp");
  await expect(holdDatabase(dataDir, { as: NOBODY })).rejects.toThrow(
    /this user may not write there.*LETHE_DATA_DIR/s,
  );
  await expect(holdDatabase(await copiedDataFolder("/tmp"), { as: NOBODY })).rejects.toThrow(
    /LETHE_DATA_DIR/,
  );
});

test.for([1, 20])("a disk of %i MB: an error that helps", async (size, { skip }) => {
  skip(!(await works("unshare", "--mount", "true")), "mounts are forbidden here");
  const dataDir = await temporaryDataFolder();
  const home = join(dataDir, "..");
  const mount = `mount -t tmpfs -o size=${size}m lethe ${home} && exec "$@"`;
  const prefix = ["unshare", "--mount", "sh", "-c", mount, "sh"];
  await expect(holdDatabase(dataDir, { prefix })).rejects.toThrow(/full.*LETHE_DATA_DIR/s);
});

const works = async (command: string, ...words: string[]): Promise<boolean> => {
  const [code] = await once(spawn(command, words), "close");
  return code === 0;
};

/** Why an ordinary user cannot run what lies at `path`, if so. */
const unreachableFor = async (path: string): Promise<string | undefined> => {
  const [code] = await once(spawn("test", ["-x", path], NOBODY), "close");
  return code === 0 ? undefined : `${path} lies where an ordinary user cannot reach it`;
};

/** The words before a command that runs it as root of a user namespace which allows no further one. */
const withoutNamespaces = async (skip: TestContext["skip"]): Promise<string[]> => {
  skip(!(await works("unshare", "--user", "true")), "user namespaces are forbidden here");
  const space = spawn("unshare", ["--user", "sh", "-c", "echo ready; exec cat"]);
  onTestFinished(() => {
    space.stdin.end();
  });
  await once(space.stdout, "data");
  // Every account is there under its own id.
  await writeFile(`/proc/${space.pid}/uid_map`, "0 0 65536");
  await writeFile(`/proc/${space.pid}/gid_map`, "0 0 65536");
  const forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"';
  return ["nsenter", "--user", `--target=${space.pid}`, "--", "sh", "-c", forbid, "sh"];
};
