import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { dataFolderAt } from "../embedded/data-folder.ts";
import { readPostmaster, servesCluster } from "../embedded/postmaster.ts";

/**
 * A data folder for the test that calls this. When the test ends, a server that it left there is
 * killed and the folder goes.
 */
export const temporaryDataFolder = async (parent = tmpdir()): Promise<string> => {
  const home = await mkdtemp(join(parent, "lethe-folder-"));
  const dataDir = join(home, ".data");
  onTestFinished(async () => {
    const folder = dataFolderAt(dataDir);
    const left = await readPostmaster(folder);
    if (left !== undefined && (await servesCluster(folder, left.pid))) process.kill(left.pid, "SIGQUIT");
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  return dataDir;
};
