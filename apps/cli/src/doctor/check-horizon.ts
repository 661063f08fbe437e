import { type OpenTransaction, readOpenTransactions } from "@lethe/core/feed/horizon";
import type { Database } from "@lethe/db";
import { type Check, info, ok, warning } from "./check.ts";

const name = "horizon";
/** Lethe's own transactions end within seconds, and are given up after 15. */
const longMs = 60_000;

/**
 * Whether a transaction is open for long, anywhere in the database cluster. Events are told all the same. But vacuum
 * removes nothing that was deleted since it began, so the bytes of deleted chats stay in the files for as long.
 */
export async function checkHorizon(db: Database): Promise<Check> {
  return judgeHorizon(await readOpenTransactions(db));
}

/** What is to be said of the transactions that are open. */
export function judgeHorizon(open: readonly OpenTransaction[]): Check {
  const aged = open.filter(({ ageMs }) => ageMs !== null && ageMs >= longMs);
  const hidden = open.filter(({ ageMs }) => ageMs === null);
  const [oldest] = aged.toSorted((a, b) => (b.ageMs ?? 0) - (a.ageMs ?? 0));
  if (oldest) {
    return warning(
      name,
      `${describe(oldest)} has been open for ${Math.round((oldest.ageMs ?? 0) / 1_000)} s. Events are told all ` +
        "the same, but vacuum cannot remove from the files what was deleted since it began.",
      oldest.pid === null
        ? "COMMIT PREPARED or ROLLBACK PREPARED it, if nobody will do so any more."
        : `See in pg_stat_activity what process ${oldest.pid} does, and end it with pg_terminate_backend if nobody needs it.`,
    );
  }
  if (hidden[0]) {
    return info(
      name,
      `${describe(hidden[0])} is open; since when is told to members of pg_read_all_stats only.`,
      "GRANT pg_read_all_stats to Lethe's user to see it here.",
    );
  }
  return ok(name, "No transaction of this PostgreSQL holds vacuum up.");
}

function describe({ pid, database, application }: OpenTransaction): string {
  const whose = application ? ` of "${application}"` : "";
  return pid === null
    ? `The prepared transaction "${application ?? ""}" in the database ${database}`
    : `A transaction${whose} in the database ${database} (process ${pid})`;
}
