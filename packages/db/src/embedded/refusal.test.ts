import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withPatience } from "../testing/start-test-server.ts";
import { copiedDataFolder, temporaryDataFolder } from "../testing/temporary-folder.ts";
import { binariesIn, bundledBinaries } from "./binaries.ts";
import { dataFolderAt } from "./data-folder.ts";
import { readPostmaster } from "./find-running.ts";
import { openEmbedded } from "./open-embedded.ts";

const advice = expect.stringMatching(/LETHE_DATA_DIR.*DATABASE_URL|DATABASE_URL/s);

test("a folder that a server of somebody else serves is refused, and that server left alone", async () => {
  const dataDir = await copiedDataFolder();
  const theirs = await openEmbedded({ dataDir });
  // Another password in the folder makes the server there a stranger.
  const folder = dataFolderAt(dataDir);
  await writeFile(folder.password, "another");
  await expect(openEmbedded({ dataDir })).rejects.toMatchObject({
    code: "folder_in_use",
    message: expect.stringContaining(`process ${(await readPostmaster(folder))?.pid}`),
  });
  await withPatience(theirs.url, (client) => client.query("SELECT 1"));
  await theirs.close();
});

test("a folder served from where it cannot be seen, such as another container, is refused", async () => {
  const dataDir = await copiedDataFolder();
  const { url, close } = await openEmbedded({ dataDir });
  await close();
  const unseen = spawn("flock", [join(dataDir, "postgres", "."), "sh", "-c", "echo held; exec cat"]);
  onTestFinished(() => {
    unseen.stdin.end();
  });
  await once(unseen.stdout, "data");
  await expect(openEmbedded({ dataDir })).rejects.toMatchObject({
    code: "folder_in_use",
    message: advice,
  });
  // Nobody answers, or by now a stranger at this port, who has another password.
  await expect(withPatience(url, (client) => client.query("SELECT 1"))).rejects.toThrow();
});

test("a database of another major version is refused and not touched", async () => {
  const dataDir = await temporaryDataFolder();
  await mkdir(join(dataDir, "postgres"), { recursive: true });
  await writeFile(join(dataDir, "postgres", "PG_VERSION"), "14\n");
  await expect(openEmbedded({ dataDir })).rejects.toMatchObject({
    code: "other_major_version",
    message: expect.stringMatching(/PostgreSQL 14.*PostgreSQL 18.*pg_dump/s),
  });
});

test("a file in the folder's place is refused", async () => {
  const dataDir = await temporaryDataFolder();
  await writeFile(dataDir, "");
  await expect(openEmbedded({ dataDir })).rejects.toMatchObject({
    code: "folder_not_usable",
    message: expect.stringMatching(/it is a file, not a folder.*LETHE_DATA_DIR/s),
  });
});

test("programs that do not run here are told of", async () => {
  const dataDir = await temporaryDataFolder();
  const bin = join(dataDir, "..", "bin");
  await mkdir(bin);
  await writeFile(join(bin, "postgres"), "not a program");
  await chmod(join(bin, "postgres"), 0o755);
  await expect(openEmbedded({ dataDir, binaries: binariesIn(bin) })).rejects.toMatchObject({
    message: advice,
  });
});

test("a platform without an embedded database is told of", () => {
  expect(() => bundledBinaries("darwin-arm64")).toThrow(
    /no embedded PostgreSQL for darwin-arm64.*DATABASE_URL/s,
  );
});

test("a start that fails says what PostgreSQL said, and where the log is", async () => {
  const dataDir = await temporaryDataFolder();
  await expect(openEmbedded({ dataDir, settings: { shared_buffers: "lots" } })).rejects.toMatchObject({
    code: "start_failed",
    message: expect.stringMatching(/invalid value for parameter "shared_buffers": "lots"/),
  });
  // The folder is whole: with the mistake put right it starts.
  await (await openEmbedded({ dataDir })).close();
});

test("a lost password file is told of", async () => {
  const dataDir = await copiedDataFolder();
  await rm(dataFolderAt(dataDir).password);
  await expect(openEmbedded({ dataDir })).rejects.toMatchObject({ code: "folder_in_use", message: advice });
});
