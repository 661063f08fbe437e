const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;
/** The years of RFC 3339 but for 0000, which databases and calendars do not know. */
const first = Date.parse("0001-01-01T00:00:00.000Z");
const last = Date.parse("9999-12-31T23:59:59.999Z");

/** How a time is to be given, in words that follow its name. */
export const instantRule =
  "must be a time in RFC 3339, such as 2026-01-15T10:45:00Z, in the years 0001 to 9999 (UTC) and no leap second";

/**
 * The moment that a text in RFC 3339 names, to the millisecond; undefined for any other text, for a day that its
 * month does not have, and for a moment outside of the years 0001 to 9999 in UTC. JavaScript and PostgreSQL count no
 * leap seconds, so a 60th second names no moment.
 */
export function parseInstant(text: string): Date | undefined {
  const [, year, month, day] = rfc3339.exec(text) ?? [];
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  const instant = new Date(text.toUpperCase());
  return instant.getTime() >= first && instant.getTime() <= last ? instant : undefined;
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
