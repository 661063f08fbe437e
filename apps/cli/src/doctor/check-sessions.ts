import { readClock } from "@lethe/core/clock";
import type { Database, DatabaseAddress } from "@lethe/db";
import { z } from "zod";
import { type Check, failed, info, ok, warning } from "./check.ts";

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
