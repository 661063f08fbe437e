import { DatabaseSetupError } from "../setup-error.ts";
import type { Server } from "./server.ts";

const LINES = 5;

/** Turns what PostgreSQL printed before it failed into an error that says what to do. */
export const explainFailure = (
  { folder, major }: Server,
  doing: "create" | "start",
  output: string,
): DatabaseSetupError => {
  const said = output.trim().split("\n").slice(-LINES).join("\n");
  if (output.includes("No space left on device")) {
    return new DatabaseSetupError(
      "disk_full",
      `The disk that holds ${folder.root} (or /dev/shm) is full, so PostgreSQL could not ${doing} its ` +
        `database. Free some space, or set LETHE_DATA_DIR to another disk.\n${said}`,
    );
  }
  if (output.includes("Permission denied")) {
    return new DatabaseSetupError(
      "folder_not_usable",
      `PostgreSQL may not use ${folder.root}. Give the folder to the user who runs Lethe, set ` +
        `LETHE_DATA_DIR to another folder, or set DATABASE_URL.\n${said}`,
    );
  }
  if (output.includes("Address already in use")) {
    return new DatabaseSetupError(
      "start_failed",
      `Another program listens on the port of the embedded PostgreSQL. Stop it, or stop every Lethe on ${folder.root} ` +
        `and start again: a free port is chosen then.\n${said}`,
    );
  }
  if (/could not create shared memory|Cannot allocate memory/.test(output)) {
    return new DatabaseSetupError(
      "start_failed",
      `PostgreSQL did not get the memory that it asked for (about 200 MB). Free some memory, or set ` +
        `DATABASE_URL to a PostgreSQL elsewhere.\n${said}`,
    );
  }
  return new DatabaseSetupError(
    "start_failed",
    `The embedded PostgreSQL ${major} could not ${doing} its database in ${folder.cluster}. ` +
      `See ${folder.log}, or set DATABASE_URL to a PostgreSQL of your own. It said last:\n${said}`,
  );
};
