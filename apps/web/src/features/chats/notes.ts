"use client";

import { readStored, writeStored } from "@/lib/browser.ts";

/** What this browser keeps of chats, for each tenant apart: what is not sent yet, and how far somebody has read. */
export type Notes = {
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
 */
function createNotes(name: string, most: number): Notes {
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
      for (const id of [...notes.keys()].slice(0, Math.max(0, notes.size - most))) notes.delete(id);
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

/** The place (`seq`) of the last message that was read. */
export const readMarks = createNotes("read", 100);

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
