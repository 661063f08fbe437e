"use client";

import type { ListedChat } from "@lethe/api/schemas";
import { readStored, writeStored } from "@/lib/browser.ts";

/** What this browser keeps of chats, for each tenant apart: what is not sent yet, and how far somebody has read. */
type Notes = {
  get: (tenantId: string, chatId: string) => string | undefined;
  /** Keeps a text, or with "" none. Beyond `most` chats, the one that was written longest ago is forgotten. */
  set: (tenantId: string, chatId: string, text: string) => void;
  /** The chats that something is kept of. */
  chats: (tenantId: string) => string[];
};

/**
 * Notes under a name of their own in localStorage.
 *
 * @param most chats of a tenant that something is kept of
 * @param onForgotten is told what was kept of a chat that is too many
 */
function createNotes(
  name: string,
  most: number,
  onForgotten: (tenantId: string, text: string) => void = () => undefined,
): Notes {
  const keyOf = (tenantId: string) => `lethe-${name}:${tenantId}`;
  let last: { raw: string | null; notes: ReadonlyMap<string, string> } = { raw: null, notes: new Map() };
  /** Where the browser refuses to keep them: for as long as the page lives. */
  let unkept: ReadonlyMap<string, string> | undefined;

  function read(tenantId: string): ReadonlyMap<string, string> {
    if (unkept) return unkept;
    const raw = readStored(keyOf(tenantId));
    if (raw !== last.raw) last = { raw, notes: parse(raw) };
    return last.notes;
  }
  return {
    get: (tenantId, chatId) => read(tenantId).get(chatId),
    set: (tenantId, chatId, text) => {
      const notes = new Map(read(tenantId));
      if (!notes.delete(chatId) && text === "") return;
      if (text !== "") notes.set(chatId, text);
      for (const [id, forgotten] of [...notes].slice(0, Math.max(0, notes.size - most))) {
        notes.delete(id);
        onForgotten(tenantId, forgotten);
      }
      unkept = notes;
      if (writeStored(keyOf(tenantId), notes.size === 0 ? null : JSON.stringify([...notes])))
        unkept = undefined;
    },
    chats: (tenantId) => [...read(tenantId).keys()],
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

/** What is written and not sent. */
export const drafts = createNotes("drafts", 20);

const sinceKey = (tenantId: string) => `lethe-read-since:${tenantId}`;

/** Of each chat the place (`seq`) of the last message that was read, and when that was said: "12 2026-11-29T08:00:00.000Z". */
const readMarks = createNotes("read", 100, (tenantId, mark) => {
  // What was said before that counts as read from now on, wherever it was.
  const said = mark.split(" ")[1] ?? "";
  if (said > (readStored(sinceKey(tenantId)) ?? "")) writeStored(sinceKey(tenantId), said);
});

/** The place of the last message of a chat that was read in this browser; undefined if none is known to be. */
export function readTo(tenantId: string, chatId: string): number | undefined {
  const mark = readMarks.get(tenantId, chatId);
  return mark === undefined ? undefined : Number(mark.split(" ")[0]);
}

/** Everything up to a message has been read. All times are the server's. */
export function markRead(tenantId: string, chatId: string, last: { seq: number; created_at: string }): void {
  if (readTo(tenantId, chatId) !== last.seq)
    readMarks.set(tenantId, chatId, `${last.seq} ${last.created_at}`);
}

/** From the first look at a tenant on, this browser knows what is new there. `newest`: when anything happened last. */
export function beginReading(tenantId: string, newest: string): void {
  if (readStored(sinceKey(tenantId)) === null) writeStored(sinceKey(tenantId), newest);
}

/** How many messages of a chat were not read in this browser; "some" where it is known only that there are such. */
export function unreadIn(tenantId: string, chat: ListedChat): number | "some" {
  const last = chat.last_message;
  if (!last) return 0;
  const read = readTo(tenantId, chat.id);
  if (read !== undefined) return Math.max(0, last.seq - read);
  const since = readStored(sinceKey(tenantId));
  if (since === null || last.created_at <= since) return 0;
  return chat.created_at > since ? last.seq : "some";
}

/** The chats that anything is kept of. */
export const notedChats = (tenantId: string): Set<string> =>
  new Set([...drafts.chats(tenantId), ...readMarks.chats(tenantId)]);

/** Somebody signs out on purpose: whoever sits here next finds nothing of what was written or read. */
export function clearNotes(): void {
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
export function forgetNotes(tenantId: string, chatIds: Iterable<string>): void {
  for (const chatId of chatIds) {
    const draft = drafts.get(tenantId, chatId);
    if (draft !== undefined) lastWords.set(chatId, draft);
    drafts.set(tenantId, chatId, "");
    readMarks.set(tenantId, chatId, "");
  }
}
