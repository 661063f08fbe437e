/** What formats, made when the first asks: in a browser that takes some 50 ms, and most pages show no times in full. */
function lazily<Format>(make: () => Format): () => Format {
  let made: Format | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Days and times as the reader writes them, whose browser knows; what is a part of a sentence is in its language. */
const dateFormat = (options: Intl.DateTimeFormatOptions) =>
  lazily(() => new Intl.DateTimeFormat(undefined, options));
const numbers = lazily(() => new Intl.NumberFormat("en"));
const moment = dateFormat({ dateStyle: "medium", timeStyle: "long" });
const clock = dateFormat({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = dateFormat({ day: "numeric", month: "long", year: "numeric" });
const relative = lazily(() => new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" }));
const weekday = dateFormat({ weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** A number: "1,204". */
export function formatNumber(value: number): string {
  return numbers().format(value);
}

/**
 * A count with its noun: "1 message", "1,204 messages".
 *
 * @param many the plural, where it is not `one` with an s
 */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** Whether somebody typed this number, with or without what separates thousands. */
export function isTyped(typed: string, count: number): boolean {
  return typed.replaceAll(/[\s.,'’]/g, "") === String(count);
}

/** A moment in full, in the reader's time zone, which it names: "Nov 24, 2026, 10:45:03 PM GMT+1". */
export function formatTime(time: string): string {
  return moment().format(new Date(time));
}

/** A time of day, in the reader's time zone: "22:45". */
export function formatClock(time: string | Date): string {
  return clock().format(new Date(time));
}

/** A day, in the reader's time zone: "November 24, 2026", or with its name "Tuesday, November 24, 2026". */
export function formatDay(time: string | Date, { named = false } = {}): string {
  return (named ? weekday() : day()).format(new Date(time));
}

/** A distance in time: "5 min. ago", "yesterday". */
export function formatAgo(distance: number, unit: Intl.RelativeTimeFormatUnit): string {
  return relative().format(distance, unit);
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** A size in words: "812 byte", "1.2 MB". */
export function describeSize(bytes: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return new Intl.NumberFormat("en", {
    style: "unit",
    unit: units[step] ?? "byte",
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(bytes / 1_000 ** step);
}
