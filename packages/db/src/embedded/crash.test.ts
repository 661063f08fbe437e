import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { access, chmod, mkdir, open, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { holdDatabase } from "../testing/hold-database.ts";
import { withPatience } from "../testing/start-test-server.ts";
import { copiedDataFolder, temporaryDataFolder } from "../testing/temporary-folder.ts";
import { binariesIn, bundledBinaries } from "./binaries.ts";
import { dataFolderAt } from "./data-folder.ts";
import { pidFile, readPostmaster } from "./find-running.ts";
import { openEmbedded } from "./open-embedded.ts";

const postmasterOf = async (dataDir: string): Promise<number> => {
  const postmaster = await readPostmaster(dataFolderAt(dataDir));
  if (postmaster === undefined) throw new Error(`no postmaster in ${dataDir}`);
  return postmaster.pid;
};

const createKept = (url: string) =>
  withPatience(url, (client) => client.query("CREATE TABLE kept AS SELECT 42 AS answer"));

const readKept = async (url: string) =>
  (await withPatience(url, (client) => client.query("TABLE kept"))).rows;

test("after kill -9 of Lethe the next start joins the server that goes on", async () => {
  const dataDir = await copiedDataFolder();
  const killed = await holdDatabase(dataDir);
  await createKept(killed.url);
  const before = await postmasterOf(dataDir);
  await killed.kill();

  const next = await openEmbedded({ dataDir });
  expect(next.url).toBe(killed.url);
  expect(await postmasterOf(dataDir)).toBe(before);
  expect(await readKept(next.url)).toEqual([{ answer: 42 }]);
  await next.close();
  expect(await readPostmaster(dataFolderAt(dataDir))).toBeUndefined();
});

test("after kill -9 of the postmaster too, backends that go on included, nothing committed is lost", async () => {
  const dataDir = await copiedDataFolder();
  const killed = await holdDatabase(dataDir);
  await createKept(killed.url);
  // A backend that is stopped does not notice that its postmaster is gone, like one that works.
  const stopped = Promise.withResolvers<number>();
  const backend = withPatience(killed.url, async (client) => {
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    process.kill(rows[0].pid, "SIGSTOP");
    stopped.resolve(rows[0].pid);
    await client.query("SELECT 1");
  }).catch(() => {});
  const pid = await stopped.promise;
  const goOn = () => {
    if (existsSync(`/proc/${pid}`)) process.kill(pid, "SIGCONT");
  };
  onTestFinished(goOn);
  await killed.kill();
  process.kill(await postmasterOf(dataDir), "SIGKILL");

  const said: string[] = [];
  const next = await openEmbedded({
    dataDir,
    log: (message) => {
      said.push(message);
      goOn();
    },
  });
  expect(said).toEqual([expect.stringMatching(/^Waiting for the PostgreSQL in /)]);
  expect(await readKept(next.url)).toEqual([{ answer: 42 }]);
  await backend;
  await next.close();
});

test("a postmaster killed under its users is started again at the same address", async () => {
  const dataDir = await copiedDataFolder();
  const database = await openEmbedded({ dataDir });
  await createKept(database.url);
  const before = await postmasterOf(dataDir);
  process.kill(before, "SIGKILL");
  await expect.poll(() => readKept(database.url).catch(() => "not yet")).toEqual([{ answer: 42 }]);
  expect(await postmasterOf(dataDir)).not.toBe(before);
  await database.close();
});

test("a server that recovers from the crash of one of its processes can be stopped, and loses nothing", async () => {
  const dataDir = await copiedDataFolder();
  const said: string[] = [];
  const database = await openEmbedded({ dataDir, log: (message) => said.push(message) });
  await createKept(database.url);
  // Recovery reads this file before the log: it does not end while nobody writes into a pipe in the file's place.
  const file = join(dataDir, "postgres", "pg_logical", "replorigin_checkpoint");
  await rename(file, `${file}.aside`);
  execFileSync("mkfifo", [file]);
  const doomed = withPatience(database.url, async (client) => {
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    process.kill(rows[0].pid, "SIGKILL");
    await client.query("SELECT pg_sleep(60)");
  });
  await expect(doomed).rejects.toThrow();
  const state = () =>
    readKept(database.url).then(
      () => "ready",
      (error: Error) => error.message,
    );
  await expect.poll(state).toMatch(/not yet accepting|recovery mode/);
  // Its user reaches for it again, with the start lock, and does not do so to the end when it is to leave.
  const isReaching = () => spawnSync("flock", ["--nonblock", `${dataDir}/.`, "true"]).status === 1;
  await expect.poll(isReaching).toBe(true);
  await database.close();
  expect(said).not.toContainEqual(expect.stringContaining("180 seconds"));
  expect(await readPostmaster(dataFolderAt(dataDir))).toBeUndefined();

  await rename(`${file}.aside`, file);
  const next = await openEmbedded({ dataDir });
  expect(await readKept(next.url)).toEqual([{ answer: 42 }]);
  await next.close();
});

test("a left-over PID file is no obstacle, whoever has its process id and port by now", async () => {
  const dataDir = await copiedDataFolder();
  const stranger = spawn("sleep", ["60"]);
  onTestFinished(() => {
    stranger.kill();
  });
  const takenPort = new URL(inject("databaseServer")).port;
  const file = pidFile(dataFolderAt(dataDir));
  for (const pid of [stranger.pid, process.pid, 1, 4_194_303]) {
    await writeFile(
      file,
      `${pid}\n${dataDir}/postgres\n1700000000\n${takenPort}\n\n127.0.0.1\n1 1\nready   \n`,
    );
    const database = await openEmbedded({ dataDir });
    await withPatience(database.url, (client) => client.query("SELECT 1"));
    await database.close();
  }
});

test("a creation that was killed half-way is swept up and done again, once its programs have ended", async () => {
  const dataDir = await temporaryDataFolder();
  const initdb = await waitingInitdb(join(dataDir, "..", "bin"));
  const script = `
    import { openEmbedded } from "${new URL("./open-embedded.ts", import.meta.url).href}";
    await openEmbedded(${JSON.stringify({ dataDir, binaries: initdb.binaries })});`;
  const killed = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "ignore" });
  await expect.poll(initdb.hasBegun).toBe(true);
  killed.kill("SIGKILL");
  await once(killed, "close");

  // The first thing that is said is that something is being removed, or made.
  const database = await openEmbedded({ dataDir, log: initdb.goOn });
  // Nothing was taken from under it.
  expect(await initdb.exitCode()).toBe("0");
  expect((await readdir(dataDir)).filter((name) => name.startsWith("postgres.new-"))).toEqual([]);
  await database.close();
});

/** An `initdb` that begins when it is told to go on, and does not end with who started it. */
const waitingInitdb = async (bin: string) => {
  const real = bundledBinaries();
  const binaries = binariesIn(bin);
  const path = (name: string) => `${binaries.initdb}.${name}`;
  await mkdir(bin);
  // Where root has to use another account, that writes here.
  await chmod(bin, 0o777);
  await symlink(real.postgres, binaries.postgres);
  execFileSync("mkfifo", [path("pipe")]);
  const pipe = await open(path("pipe"), "r+");
  onTestFinished(() => pipe.close());
  const script = `#!/bin/sh
    : > "$0.begun"
    read -r _ < "$0.pipe"
    "${real.initdb}" "$@" > "$0.output" 2>&1
    echo "$?" > "$0.code"`;
  await writeFile(binaries.initdb, script, { mode: 0o755 });
  return {
    binaries,
    hasBegun: () =>
      access(path("begun")).then(
        () => true,
        () => false,
      ),
    goOn: () => {
      pipe.write("\n").catch(() => {});
    },
    exitCode: async () => (await readFile(path("code"), "utf8")).trim(),
  };
};
