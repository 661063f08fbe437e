"use client";

import type { ListedChat } from "@lethe/api/schemas";
import { useOwnSession } from "@/features/session/own-session.tsx";
import { readStored, writeStored } from "@/lib/browser.ts";

/** What this browser keeps of chats, for each reader apart: what is not sent yet, and how far somebody has read. */
type Notes = {
  get: (reader: string, chatId: string) => string | undefined;
  /** Keeps a text, or with "" none. Beyond `most` chats, the one that was written longest ago is forgotten. */
  set: (reader: string, chatId: string, text: string) => void;
  /** The chats that something is kept of. */
  chats: (reader: string) => string[];
};

/** Whether somebody has signed out: nothing is kept any more. */
let isOver = false;

/**
 * Notes under a name of their own in localStorage.
 *
 * @param most chats of a reader that something is kept of
 * @param onForgotten is told what was kept of a chat that is too many
 */
function createNotes(
  name: string,
  most: number,
  onForgotten: (reader: string, text: string) => void = () => undefined,
): Notes {
  const keyOf = (reader: string) => `lethe-${name}:${reader}`;
  let last: { raw: string | null; notes: ReadonlyMap<string, string> } = { raw: null, notes: new Map() };
  /** Where the browser refuses to keep them: for as long as the page lives. */
  let unkept: ReadonlyMap<string, string> | undefined;

  function read(reader: string): ReadonlyMap<string, string> {
    if (unkept) return unkept;
    const raw = readStored(keyOf(reader));
    if (raw !== last.raw) last = { raw, notes: parse(raw) };
    return last.notes;
  }
  return {
    get: (reader, chatId) => read(reader).get(chatId),
    set: (reader, chatId, text) => {
      if (isOver) return;
      const notes = new Map(read(reader));
      if (!notes.delete(chatId) && text === "") return;
      if (text !== "") notes.set(chatId, text);
      for (const [id, forgotten] of [...notes].slice(0, Math.max(0, notes.size - most))) {
        notes.delete(id);
        onForgotten(reader, forgotten);
      }
      unkept = notes;
      if (writeStored(keyOf(reader), notes.size === 0 ? null : JSON.stringify([...notes])))
        unkept = undefined;
    },
    chats: (reader) => [...read(reader).keys()],
  };
}

function parse(raw: string | null): Map<string, string> {
  try {
    const entries: unknown = JSON.parse(raw ?? "[]");
    return new Map(Array.isArray(entries) ? entries.filter(isEntry) : []);
  } catch {
    return new Map();
  }
}

function isEntry(entry: unknown): entry is [string, string] {
  return (
    Array.isArray(entry) && entry.length === 2 && entry.every((part: unknown) => typeof part === "string")
  );
}

/** Whose notes they are: those of who is signed in, in one tenant. Another who signs in in the same browser has their own. */
export function useReader(): string {
  const { tenant, holderId } = useOwnSession();
  return `${tenant.id}:${holderId}`;
}

/** What is written and not sent. */
export const drafts = createNotes("drafts", 20);

const sinceKey = (reader: string) => `lethe-read-since:${reader}`;

/** Of each chat the place (`seq`) of the last message that was read, and when that was said: "12 2026-11-29T08:00:00.000Z". */
const readMarks = createNotes("read", 100, (reader, mark) => {
  // What was said before that counts as read from now on, wherever it was.
  const said = mark.split(" ")[1] ?? "";
  if (said > (readStored(sinceKey(reader)) ?? "")) writeStored(sinceKey(reader), said);
});

/** The place of the last message of a chat that was read in this browser; undefined if none is known to be. */
export function readTo(reader: string, chatId: string): number | undefined {
  const mark = readMarks.get(reader, chatId);
  return mark === undefined ? undefined : Number(mark.split(" ")[0]);
}

/** Everything up to a message has been read. All times are the server's. */
export function markRead(reader: string, chatId: string, last: { seq: number; created_at: string }): void {
  if (readTo(reader, chatId) !== last.seq) readMarks.set(reader, chatId, `${last.seq} ${last.created_at}`);
}

/** From the first look at a tenant on, this browser knows what is new there for a reader. `newest`: when anything happened last. */
export function beginReading(reader: string, newest: string): void {
  if (readStored(sinceKey(reader)) === null) writeStored(sinceKey(reader), newest);
}

/** How many messages of a chat were not read in this browser; "some" where it is known only that there are such. */
export function unreadIn(reader: string, chat: ListedChat): number | "some" {
  const last = chat.last_message;
  if (!last) return 0;
  const read = readTo(reader, chat.id);
  if (read !== undefined) return Math.max(0, last.seq - read);
  const since = readStored(sinceKey(reader));
  if (since === null || last.created_at <= since) return 0;
  return chat.created_at > since ? last.seq : "some";
}

/** The chats that anything is kept of. */
export const notedChats = (reader: string): Set<string> =>
  new Set([...drafts.chats(reader), ...readMarks.chats(reader)]);

/** Somebody signs out on purpose: whoever sits here next finds nothing of what was written or read. */
export function clearNotes(): void {
  isOver = true;
  try {
    for (const key of Object.keys(localStorage))
      if (/^lethe-(drafts|read|read-since):/.test(key)) localStorage.removeItem(key);
  } catch {
    // Where the browser refuses storage there is nothing in it.
  }
}

const lastWords = new Map<string, string>();

/** What had been written and not sent when a chat went. It is known for as long as the page lives. */
export const lastWordsTo = (chatId: string): string => lastWords.get(chatId) ?? "";

/** Chats that are gone leave nothing behind in the browser. */
export function forgetNotes(reader: string, chatIds: Iterable<string>): void {
  for (const chatId of chatIds) {
    const draft = drafts.get(reader, chatId);
    if (draft !== undefined) lastWords.set(chatId, [lastWordsTo(chatId), draft].filter(Boolean).join("\n"));
    drafts.set(reader, chatId, "");
    readMarks.set(reader, chatId, "");
  }
}
