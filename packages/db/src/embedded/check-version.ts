import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSetupError } from "../setup-error.ts";
import type { Binaries } from "./binaries.ts";
import type { DataFolder } from "./data-folder.ts";
import type { Identity } from "./identity.ts";
import { run } from "./run.ts";

/**
 * The major version of the programs, proved to be that of the cluster if there is one.
 *
 * Throws DatabaseSetupError `other_major_version` or `start_failed`.
 */
export const checkVersion = async (
  folder: DataFolder,
  identity: Identity,
  { postgres }: Binaries,
): Promise<number> => {
  const { output } = await run(identity, [postgres, "--version"], { timeoutMs: 10_000 });
  const major = Number.parseInt(/\(PostgreSQL\) (\d+)/.exec(output)?.[1] ?? "", 10);
  if (!(major > 0)) {
    throw new DatabaseSetupError(
      "start_failed",
      `${postgres} does not tell its version: ${output.trim() || "it printed nothing"}. ` +
        "Install the dependencies again, or set DATABASE_URL.",
    );
  }
  const existing = await readFile(join(folder.cluster, "PG_VERSION"), "utf8").catch(() => undefined);
  if (existing !== undefined && Number.parseInt(existing, 10) !== major) {
    throw new DatabaseSetupError(
      "other_major_version",
      `The database in ${folder.cluster} was created by PostgreSQL ${existing.trim()}, and this version ` +
        `of Lethe brings PostgreSQL ${major}, which cannot read it. Dump it with the Lethe that created ` +
        "it (pg_dump), move the folder away, start again and load the dump; or set LETHE_DATA_DIR to another folder.",
    );
  }
  return major;
};
