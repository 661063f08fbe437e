import { readClock } from "@lethe/core/clock";
import { type OpenTransaction, readOpenTransactions } from "@lethe/core/feed/horizon";
import {
  type Database,
  type DatabaseAddress,
  DatabaseSetupError,
  type EmbeddedState,
  inspectMigrations,
  ping,
} from "@lethe/db";
import { z } from "zod";
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

const embeddedName = "embedded database";

/** Says where the embedded database is and whether it runs. */
export function checkEmbedded(embedded: EmbeddedState): Check {
  const { dataDir, state } = embedded;
  if (embedded.state === "running") {
    const port = embedded.port ?? "that it has not told yet";
    return ok(embeddedName, `In ${dataDir}, running on port ${port} as process ${embedded.pid}.`);
  }
  if (state === "stopped")
    return info(embeddedName, `In ${dataDir}, not running; started for this diagnosis.`);
  return info(
    embeddedName,
    `None in ${dataDir} yet.`,
    "Nothing to do: the first start creates it. If you expected one, check LETHE_DATA_DIR.",
  );
}

const timesRow = z.tuple([z.object({ sent: z.number(), received: z.date(), zone: z.string() })]);
const usageRow = z.tuple([z.object({ used: z.number(), most: z.number() })]);
/** With fewer left, the next program or the next server may find none. */
const scarce = 5;

/** Proves, over a connection like those of the server, that times go to the database and come back as they are. */
export async function checkTimes(db: Database): Promise<Check> {
  const now = await readClock(db).then((clock) => clock());
  // Each way by itself: a shift on the way there would make up for one on the way back.
  const [{ sent, received, zone }] = timesRow.parse(
    await db.$queryRaw`
      SELECT (extract(epoch FROM ${now}::timestamptz) * 1000)::float8 AS sent,
        to_timestamp(${now.getTime()}::float8 / 1000) AS received, current_setting('TimeZone') AS zone`,
  );
  const shifts = { there: sent - now.getTime(), back: received.getTime() - now.getTime() };
  if (Math.abs(shifts.there) < 1 && Math.abs(shifts.back) < 1) {
    return ok(
      "times",
      `A time goes to the database and comes back as it is (the session's zone is ${zone}).`,
    );
  }
  return failed(
    "times",
    `Times are shifted by ${shifts.there / 1_000} s on the way to the database and by ${shifts.back / 1_000} s on the ` +
      `way back: the session's time zone is ${zone}, not UTC.`,
    "Stop the server: deletions by time would hit wrong chats. Look at what lies between it and PostgreSQL.",
  );
}

/** What lies between the server and PostgreSQL, where something does. */
export function checkPooler({ pooling, url, directUrl }: DatabaseAddress): Check[] {
  if (pooling === "none") return [];
  const direct = url === directUrl ? "" : "; what needs a session of its own goes to DATABASE_DIRECT_URL";
  const how = pooling === "session" ? "for as long as a client stays" : "by transaction";
  return [info("pooler", `A connection pooler lends connections ${how}${direct}.`)];
}

/** How many connections PostgreSQL has left. */
export async function checkConnections(db: Database): Promise<Check> {
  const [{ used, most }] = usageRow.parse(
    await db.$queryRaw`
      SELECT (SELECT count(*)::integer FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
        current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
          AS most`,
  );
  const detail = `${used} of ${most} that PostgreSQL takes are in use.`;
  if (most - used >= scarce) return ok("connections", detail);
  return warning(
    "connections",
    detail,
    "Raise max_connections, or have each server take fewer: LETHE_DATABASE_CONNECTIONS.",
  );
}

const horizonName = "horizon";
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
      horizonName,
      `${describe(oldest)} has been open for ${Math.round((oldest.ageMs ?? 0) / 1_000)} s. Events are told all ` +
        "the same, but vacuum cannot remove from the files what was deleted since it began.",
      oldest.pid === null
        ? "COMMIT PREPARED or ROLLBACK PREPARED it, if nobody will do so any more."
        : `See in pg_stat_activity what process ${oldest.pid} does, and end it with pg_terminate_backend if nobody needs it.`,
    );
  }
  if (hidden[0]) {
    return info(
      horizonName,
      `${describe(hidden[0])} is open; since when is told to members of pg_read_all_stats only.`,
      "GRANT pg_read_all_stats to Lethe's user to see it here.",
    );
  }
  return ok(horizonName, "No transaction of this PostgreSQL holds vacuum up.");
}

function describe({ pid, database, application }: OpenTransaction): string {
  const whose = application ? ` of "${application}"` : "";
  return pid === null
    ? `The prepared transaction "${application ?? ""}" in the database ${database}`
    : `A transaction${whose} in the database ${database} (process ${pid})`;
}
