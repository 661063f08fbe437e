import type { Chat } from "@lethe/api/schemas";

const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric" });
const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayLength = 86_400_000;

/** Who moved a chat into the trash: "you", "another session", "the API key 0d0dc7a5". */
export function describeTrasher({ trashed_by: by }: Pick<Chat, "trashed_by">, ownSession: string): string {
  if (!by) return "somebody";
  if (by.kind === "session") return by.id === ownSession ? "you" : "another session";
  if (by.kind === "api_key") return `the API key ${by.id.slice(0, 8)}`;
  return by.kind === "operator" ? "an operator" : "Lethe itself";
}

/** What becomes of a chat in the trash if nobody does anything. */
export function describePurge(chat: Pick<Chat, "purge_at" | "hold">, now = Date.now()): string {
  if (chat.hold) return "Kept while it is on hold";
  if (chat.purge_at === null) return "Kept until somebody deletes it";
  const left = Date.parse(chat.purge_at) - now;
  const time = new Date(chat.purge_at);
  if (left <= 0) return "Deleted for good any moment now";
  if (left < dayLength)
    return `Deleted for good ${isToday(time, now) ? "today" : "tomorrow"} at ${clock.format(time)}`;
  return `Deleted for good on ${day.format(time)}`;
}

function isToday(time: Date, now: number): boolean {
  return time.toDateString() === new Date(now).toDateString();
}
