import { once } from "node:events";
import { readFile, stat, truncate } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { holdDatabase } from "../testing/hold-database.ts";
import { withPatience } from "../testing/start-test-server.ts";
import { copiedDataFolder, temporaryDataFolder } from "../testing/temporary-folder.ts";
import { dataFolderAt } from "./data-folder.ts";
import { readPostmaster, servesCluster } from "./find-running.ts";
import { openEmbedded } from "./open-embedded.ts";

const runs = async (dataDir: string) => {
  const folder = dataFolderAt(dataDir);
  const postmaster = await readPostmaster(folder);
  return postmaster !== undefined && (await servesCluster(folder, postmaster.pid));
};

test("data survives a stop and a start; the port and the password stay", async () => {
  const dataDir = await copiedDataFolder();
  const first = await openEmbedded({ dataDir });
  await withPatience(first.url, (client) => client.query("CREATE TABLE kept AS SELECT 42 AS answer"));
  await Promise.all([first.close(), first.close()]);
  expect(await runs(dataDir)).toBe(false);

  const second = await openEmbedded({ dataDir });
  const { rows } = await withPatience(second.url, (client) => client.query("TABLE kept"));
  await second.close();
  expect(rows).toEqual([{ answer: 42 }]);
  expect(second.url).toBe(first.url);
});

test("another port is taken when the last one is somebody else's by now", async () => {
  const dataDir = await copiedDataFolder();
  const first = await openEmbedded({ dataDir });
  await first.close();
  const taken = createServer().listen(Number(new URL(first.url).port), "127.0.0.1");
  await once(taken, "listening");
  onTestFinished(() => {
    taken.close();
  });
  const second = await openEmbedded({ dataDir });
  const port = new URL(second.url).port;
  expect(port).not.toBe(new URL(first.url).port);
  expect((await readFile(join(dataDir, "postgres.port"), "utf8")).trim()).toBe(port);
  await second.close();
});

test("a log that has grown long is put aside at the next start", async () => {
  const dataDir = await copiedDataFolder();
  await (await openEmbedded({ dataDir })).close();
  await truncate(join(dataDir, "postgres.log"), 9 * 1024 * 1024);
  await (await openEmbedded({ dataDir })).close();
  expect((await stat(join(dataDir, "postgres.log.1"))).size).toBe(9 * 1024 * 1024);
  expect((await stat(join(dataDir, "postgres.log"))).size).toBeLessThan(64 * 1024);
});

test("durable, on loopback alone, with a secret that only its owner reads", async () => {
  const dataDir = await temporaryDataFolder();
  const database = await openEmbedded({ dataDir });
  const { rows } = await withPatience(database.url, (client) =>
    client.query(
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'listen_addresses', 'password_encryption', 'synchronous_commit', 'unix_socket_directories') ORDER BY name",
    ),
  );
  expect(rows.map(({ name, setting }) => `${name}=${setting}`)).toEqual([
    "fsync=on",
    "full_page_writes=on",
    "listen_addresses=127.0.0.1",
    "password_encryption=scram-sha-256",
    "synchronous_commit=on",
    "unix_socket_directories=",
  ]);
  const password = join(dataDir, "postgres.password");
  expect((await stat(password)).mode & 0o777).toBe(0o600);
  expect((await readFile(password, "utf8")).trim().length).toBeGreaterThanOrEqual(32);
  await expect(
    withPatience(database.url.replace(/:[^:@]*@/, ":wrong@"), (client) => client.query("SELECT 1")),
  ).rejects.toThrow(/password authentication failed/);
  await database.close();
});

test("variables that are meant for other servers do not reach it", async () => {
  const others = {
    PGHOST: "db.invalid",
    PGPORT: "1",
    PGUSER: "nobody",
    PGPASSWORD: "wrong",
    PGDATABASE: "elsewhere",
    PGSSLMODE: "require",
    PGSSLNEGOTIATION: "direct",
    PGCLIENT_ENCODING: "LATIN1",
    PGOPTIONS: "-c timezone=America/New_York -c statement_timeout=1",
    PGTZ: "America/New_York",
    TZ: "America/New_York",
  };
  for (const [name, value] of Object.entries(others)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const dataDir = await temporaryDataFolder();
  const database = await openEmbedded({ dataDir, signal: AbortSignal.timeout(120_000) });
  const { rows } = await withPatience(database.url, (client) =>
    client.query("SELECT current_user, current_database(), current_setting('TimeZone') AS zone"),
  );
  expect(rows).toEqual([{ current_user: "lethe", current_database: "postgres", zone: "UTC" }]);
  await database.close();
  expect(await runs(dataDir)).toBe(false);
});

test("the server has a session of its own, so Ctrl-C at the terminal does not reach it", async () => {
  const dataDir = await copiedDataFolder();
  const database = await openEmbedded({ dataDir });
  const postmaster = await readPostmaster(dataFolderAt(dataDir));
  const [, , group, session] = (await readFile(`/proc/${postmaster?.pid}/stat`, "utf8"))
    .replace(/^.*\) /, "")
    .split(" ");
  expect([group, session]).toEqual([`${postmaster?.pid}`, `${postmaster?.pid}`]);
  await database.close();
});

test("processes that start at once on one new folder share one server; the last one stops it", async () => {
  const dataDir = await temporaryDataFolder();
  const holders = await Promise.all([1, 2, 3].map(() => holdDatabase(dataDir)));
  expect(new Set(holders.map(({ url }) => url)).size).toBe(1);
  const [first, second, last] = holders;
  expect(await first?.leave()).toBe(0);
  await second?.kill();
  expect(await runs(dataDir)).toBe(true);
  await withPatience(last?.url ?? "", (client) => client.query("SELECT 1"));
  expect(await last?.leave()).toBe(0);
  expect(await runs(dataDir)).toBe(false);
});

test("processes that come and go at once never lose the server", async () => {
  const dataDir = await copiedDataFolder();
  const visit = async () => {
    for (let round = 0; round < 5; round += 1) {
      const database = await openEmbedded({ dataDir });
      await withPatience(database.url, (client) => client.query("SELECT 1"));
      await database.close();
    }
  };
  await Promise.all([visit(), visit(), visit()]);
  expect(await runs(dataDir)).toBe(false);
});
