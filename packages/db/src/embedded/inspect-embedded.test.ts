import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { copyDataFolder } from "../testing/start-test-server.ts";
import { inspectEmbedded, openEmbedded } from "./open-embedded.ts";

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "lethe-inspect-"));
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

test("it tells absent, running and stopped apart", async () => {
  expect(await inspectEmbedded(dataDir)).toEqual({ dataDir, state: "absent" });

  const server = await openEmbedded({ dataDir, settings: { fsync: "off" } });
  const port = Number(new URL(server.url).port);
  expect(await inspectEmbedded(dataDir)).toMatchObject({ state: "running", pid: expect.any(Number), port });

  await server.close();
  expect(await inspectEmbedded(dataDir)).toEqual({ dataDir, state: "stopped" });
});

test("a process id that belongs to another process by now is not a running database", async () => {
  await copyDataFolder(inject("databaseSeed"), dataDir);
  await writeFile(join(dataDir, "postgres", "postmaster.pid"), `${process.pid}\n${dataDir}\n0\n5432\n`);
  expect(await inspectEmbedded(dataDir)).toEqual({ dataDir, state: "stopped" });
});

test("it leaves no trace", async () => {
  const missing = join(dataDir, "not", "there");
  expect(await inspectEmbedded(missing)).toEqual({ dataDir: missing, state: "absent" });
  expect(await readdir(dataDir)).toEqual([]);
});
