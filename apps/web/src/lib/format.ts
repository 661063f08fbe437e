const numbers = new Intl.NumberFormat("en");

/**
 * A count with its noun: "1 message", "1,204 messages".
 *
 * @param many the plural, where it is not `one` with an s
 */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${numbers.format(count)} ${count === 1 ? one : many}`;
}

const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** A moment in full, in the reader's time zone: "Nov 24, 2026, 10:45:03 PM". */
export function formatTime(time: string): string {
  return moment.format(new Date(time));
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
