import type { ArgType, SqlQuery } from "@prisma/driver-adapter-utils";

/**
 * The same query whose times say their offset. Prisma's adapter writes them without, and so leaves it to the time
 * zone of the session what they mean.
 */
export const withOffsets = (query: SqlQuery): SqlQuery => {
  if (!query.argTypes.some(isTime)) return query;
  const args = query.args.map((arg, at) => (isTime(query.argTypes[at]) ? toText(arg) : arg));
  const argTypes = query.argTypes.map((type) =>
    isTime(type) ? { ...type, scalarType: "string" as const } : type,
  );
  return { ...query, args, argTypes };
};

/** Dates and times of day are no moments. */
const isTime = (type: ArgType | undefined): boolean =>
  type?.scalarType === "datetime" && !["DATE", "TIME", "TIMETZ"].includes(type.dbType ?? "");

const toText = (arg: unknown): unknown => {
  if (Array.isArray(arg)) return arg.map(toText);
  if (typeof arg !== "string" && !(arg instanceof Date)) return arg;
  const time = new Date(arg);
  return isCommon(time) ? time.toISOString() : time;
};

/** Beyond these years JavaScript has a spelling of its own, which PostgreSQL does not read. */
const isCommon = (time: Date): boolean => time.getUTCFullYear() > 0 && time.getUTCFullYear() < 10_000;

/** A time as PostgreSQL reads it. Throws RangeError for one that is not of the years 1 to 9999. */
export const toTimeText = (time: Date): string => {
  if (!isCommon(time)) throw new RangeError("A time must be of the years 1 to 9999");
  return time.toISOString();
};
