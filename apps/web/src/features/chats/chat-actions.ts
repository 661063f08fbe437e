"use client";

import type { Chat } from "@lethe/api/schemas";
import { createSlot } from "@/lib/later.ts";

/*
 * What can be done with chats, from any page. Who carries it out is loaded after the first rows stand
 * (`carry-out-actions.tsx`); what is asked before is done then.
 */

export type TrashChats = {
  /** Moves a chat into the trash, without a question: a toast offers to undo it. */
  trash: (chat: Chat) => void;
  /** Brings a chat back from the trash. */
  restore: (chat: Chat) => void;
};

export type DeleteChats = {
  /** Asks for confirmation, then deletes for good. */
  askToDelete: (chat: Chat) => void;
};

export type HoldChats = {
  /** Asks for a reason, then puts the chat on hold. */
  askToHold: (chat: Chat) => void;
  /** Lets the chat be deleted again. */
  release: (chat: Chat) => void;
};

export type BulkActions = {
  /** Moves what is selected into the trash, without a question: one toast offers to undo it all. */
  trashSelected: () => void;
  /** Asks for a format, then saves what is selected as a file. */
  exportSelected: () => void;
  /** The same of what lies in the trash. */
  exportTrash: () => void;
  /** Takes all that lies in the trash out of it. */
  restoreTrash: () => void;
  /** Asks, then deletes what is selected for good. */
  askToDeleteSelected: () => void;
  /** The same for chats that are named. */
  askToDelete: (chatIds: readonly string[]) => void;
  /** Asks, then deletes for good what lies in the trash. */
  askToEmptyTrash: () => void;
};

export const carriers = {
  trash: createSlot<TrashChats>(),
  delete: createSlot<DeleteChats>(),
  hold: createSlot<HoldChats>(),
  bulk: createSlot<BulkActions>(),
};

/** Moves chats into the trash and out of it, and says so. */
export const trashChats: TrashChats = {
  trash: (chat) => carriers.trash.ask((by) => by.trash(chat)),
  restore: (chat) => carriers.trash.ask((by) => by.restore(chat)),
};

/** Deletes chats for good, with a question first. */
export const deleteChats: DeleteChats = {
  askToDelete: (chat) => carriers.delete.ask((by) => by.askToDelete(chat)),
};

/** Puts chats on hold and releases them. */
export const holdChats: HoldChats = {
  askToHold: (chat) => carriers.hold.ask((by) => by.askToHold(chat)),
  release: (chat) => carriers.hold.ask((by) => by.release(chat)),
};

/** Acts on many chats at once. */
export const bulkActions: BulkActions = {
  trashSelected: () => carriers.bulk.ask((by) => by.trashSelected()),
  exportSelected: () => carriers.bulk.ask((by) => by.exportSelected()),
  exportTrash: () => carriers.bulk.ask((by) => by.exportTrash()),
  restoreTrash: () => carriers.bulk.ask((by) => by.restoreTrash()),
  askToDeleteSelected: () => carriers.bulk.ask((by) => by.askToDeleteSelected()),
  askToDelete: (chatIds) => carriers.bulk.ask((by) => by.askToDelete(chatIds)),
  askToEmptyTrash: () => carriers.bulk.ask((by) => by.askToEmptyTrash()),
};
