import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";

import { errorCode } from "../error-code.ts";
import { DatabaseSetupError } from "../setup-error.ts";
import { writeFileAtomic } from "../write-file-atomic.ts";
import type { DataFolder } from "./data-folder.ts";

/**
 * The superuser's password, made on the first call for a folder.
 *
 * Throws DatabaseSetupError `folder_not_usable` when the file cannot be read.
 */
export const readOrCreatePassword = async (folder: DataFolder): Promise<string> => {
  try {
    return (await readFile(folder.password, "utf8")).trim();
  } catch (error) {
    if (errorCode(error) !== "ENOENT") {
      throw new DatabaseSetupError(
        "folder_not_usable",
        `Cannot read ${folder.password}: it belongs to the user who created the database. ` +
          "Run Lethe as that user, or set LETHE_DATA_DIR to another folder.",
        { cause: error },
      );
    }
  }
  const password = randomBytes(24).toString("base64url");
  await writeFileAtomic(folder.password, `${password}\n`);
  return password;
};
