import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";

const rows = z.tuple([z.object({ now: z.date() })]);

/**
 * A clock that shows the time of the database, by which everything is dated that is stored or answered. It is never ahead
 * of it: what the database dates from now on is not earlier than what this shows now. It is read once and carried on by the
 * monotonic clock of this process, so read it anew now and then.
 */
export async function readClock(db: Pick<Database, "$queryRaw">): Promise<() => Date> {
  const [{ now }] = rows.parse(await db.$queryRaw`SELECT clock_timestamp()::timestamptz(3) AS now`);
  // The answer may have been long on its way.
  const answered = performance.now();
  return () => new Date(now.getTime() + Math.floor(performance.now() - answered));
}

/** So many milliseconds as an interval of PostgreSQL. */
export const milliseconds = (value: number): Prisma.Sql =>
  Prisma.sql`${value}::bigint * interval '1 millisecond'`;
