const day = new Intl.DateTimeFormat("en", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** The day of a moment in UTC, in words. */
export const dayOf = (time: Date): string => day.format(time);

/** The time of the day in UTC: 14:03. */
export const clockOf = (time: Date): string => time.toISOString().slice(11, 16);

/** A moment in UTC, to the second: 2026-11-24 14:03:59 UTC. */
export const momentOf = (time: Date): string => `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** Whether a day begins between two moments, or there was none before. */
export const startsDay = (time: Date, before: Date | undefined): boolean =>
  before === undefined || time.toISOString().slice(0, 10) !== before.toISOString().slice(0, 10);
