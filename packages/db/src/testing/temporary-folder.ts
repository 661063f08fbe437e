import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { spawnReaper } from "./reaper.ts";

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
