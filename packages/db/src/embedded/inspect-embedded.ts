import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { dataFolderAt } from "./data-folder.ts";
import { readPostmaster, servesCluster } from "./postmaster.ts";

/** An embedded database as seen from outside; `dataDir` is absolute. */
export type EmbeddedState = { dataDir: string } & (
  | { state: "absent" | "stopped" }
  | { state: "running"; pid: number; port: number | undefined }
);

/** Tells whether a data folder holds a database and whether it runs. Looks only: starts and changes nothing. */
export const inspectEmbedded = async (dataDir: string): Promise<EmbeddedState> => {
  const asked = resolve(dataDir);
  const root = await realpath(asked).catch(() => asked);
  const folder = dataFolderAt(root);
  const exists = await stat(folder.cluster).then(
    () => true,
    () => false,
  );
  if (!exists) return { dataDir: root, state: "absent" };
  const written = await readPostmaster(folder);
  if (written === undefined || !(await servesCluster(folder, written.pid))) {
    return { dataDir: root, state: "stopped" };
  }
  return { dataDir: root, state: "running", ...written };
};
