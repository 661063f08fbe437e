const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** A moment in full, in the reader's time zone: "Nov 24, 2026, 10:45:03 PM". */
export function formatTime(time: string): string {
  return moment.format(new Date(time));
}
