import type { Chat, Message } from "../../types.ts";

/** What the beginning of an exported file tells: which export it is, and of which state of which chat. */
export type ExportHead = {
  /** Random, and part of the file: nobody can tell from a checksum what a chat may have said. */
  exportId: string;
  /** When the state was read that the file shows. */
  exportedAt: Date;
  chat: Pick<Chat, "id" | "title" | "createdAt" | "updatedAt" | "trashedAt" | "messageCount" | "version">;
};

/** Writes a chat in one format. What it answers is put together in order: the file's text, in UTF-8. */
export type Renderer = {
  contentType: string;
  /** The extension of the file's name, without a dot. */
  extension: string;
  begin: (head: ExportHead) => string;
  /** A message, and the one before it, if any. */
  message: (message: Message, before: Message | undefined) => string;
  end: (head: ExportHead) => string;
};

/** Control characters, but for tab and line feed. */
const controls = /(?![\t\n])\p{Cc}/gu;
/** They turn around the direction of what follows, up to the end of its paragraph. */
const directions = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text for people to read: lines end in one way, and control characters are shown instead of obeyed.
 * What is written in two directions still is, as far as the characters themselves say.
 */
export function plainText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(controls, picture).replace(directions, "\ufffd");
}

/** The same on one line. */
export function plainLine(text: string): string {
  return plainText(text)
    .replace(/[\s\u2028\u2029]+/g, " ")
    .trim();
}

/** The picture of a control character (Unicode block 2400). */
function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
}

let day: Intl.DateTimeFormat | undefined;

/** The day of a moment in UTC, in words. */
export function dayOf(time: Date): string {
  // Made when the first is asked for: its rules take longer to load than the whole module.
  day ??= new Intl.DateTimeFormat("en", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  return day.format(time);
}

/** The time of the day in UTC: 14:03. */
export const clockOf = (time: Date): string => time.toISOString().slice(11, 16);

/** A moment in UTC, to the second: 2026-11-24 14:03:59 UTC. */
export const momentOf = (time: Date): string => `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** Whether a day begins between two moments, or there was none before. */
export const startsDay = (time: Date, before: Date | undefined): boolean =>
  before === undefined || time.toISOString().slice(0, 10) !== before.toISOString().slice(0, 10);
