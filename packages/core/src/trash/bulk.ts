import { limits } from "../limits.ts";
import type { Chat } from "../types.ts";

/** What became of one chat of a set: `done` and the chat as it is now, or that there is no such chat. */
export type BulkOutcome<Done extends string> =
  | { chatId: string; outcome: Done; chat: Chat }
  | { chatId: string; outcome: "not_found" };

/** One outcome for each id that was asked for, in the same order, repeated ids included. */
export function outcomesOf<Done extends string>(
  chatIds: readonly string[],
  chats: readonly Chat[],
  done: Done,
): BulkOutcome<Done>[] {
  const found = new Map(chats.map((chat) => [chat.id, chat]));
  return chatIds.map((chatId) => {
    const chat = found.get(chatId.toLowerCase());
    return chat ? { chatId, outcome: done, chat } : { chatId, outcome: "not_found" };
  });
}

/** Throws RangeError for more ids than one call takes. */
export function checkBulkSize(chatIds: readonly string[]): void {
  if (chatIds.length > limits.bulkSize)
    throw new RangeError(`A set has at most ${limits.bulkSize} chats, got ${chatIds.length}`);
}
