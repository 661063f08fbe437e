import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
// The type of what `inject` answers is declared there.
import type {} from "./global-setup.ts";
import { spawnReaper } from "./reaper.ts";
import { copyDataFolder } from "./start-test-server.ts";

/**
 * A data folder for the test that calls this. When the test ends, a server that it left there is
 * killed and the folder goes.
 */
export const temporaryDataFolder = async (parent = tmpdir()): Promise<string> => {
  const home = await mkdtemp(join(parent, "lethe-folder-"));
  // Where root has to use another account, that must be able to enter.
  await chmod(home, 0o755);
  const dataDir = join(home, ".data");
  onTestFinished(spawnReaper(dataDir, home));
  return dataDir;
};

/** The same with a database in it that was used before, and stopped: for what is not about making one. */
export const copiedDataFolder = async (parent = tmpdir()): Promise<string> => {
  const dataDir = await temporaryDataFolder(parent);
  await copyDataFolder(inject("databaseSeed"), dataDir);
  return dataDir;
};
