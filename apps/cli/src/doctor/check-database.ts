import { DatabaseSetupError, inspectMigrations, ping } from "@lethe/db";
import { type Check, failed, failedWith, info, ok, warning } from "./check.ts";

const oldestMajor = 15;

/** Whether the database answers and is of a version that Lethe can use. */
export async function checkDatabase(url: string): Promise<Check> {
  try {
    const { serverVersion, latencyMs } = await ping({ url });
    const detail = `PostgreSQL ${serverVersion} answers in ${latencyMs.toFixed(0)} ms.`;
    if (Number.parseInt(serverVersion, 10) >= oldestMajor) return ok("database", detail);
    return failed("database", detail, `Use PostgreSQL ${oldestMajor} or newer.`);
  } catch (error) {
    return failedWith("database", error);
  }
}

/** Whether the tables are those of this version. */
export async function checkMigrations(url: string): Promise<Check> {
  try {
    const { pending, edited } = await inspectMigrations({ url });
    if (edited.length > 0) {
      return warning(
        "migrations",
        `Applied to this database, but edited since: ${edited.join(", ")}.`,
        "Put the change into a new migration, or start with an empty database.",
      );
    }
    if (pending.length === 0) return ok("migrations", "All are applied.");
    return info(
      "migrations",
      `Not applied yet: ${pending.join(", ")}.`,
      "Nothing to do: the next start applies them.",
    );
  } catch (error) {
    if (error instanceof DatabaseSetupError) return failedWith("migrations", error);
    throw error;
  }
}
