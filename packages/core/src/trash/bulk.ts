import type { Context } from "../context.ts";
import { limits } from "../limits.ts";
import type { Chat } from "../types.ts";
import { restoreSet } from "./restore-chat.ts";
import { trashSet } from "./trash-chat.ts";

/** What became of one chat of a set: `done` and the chat as it is now, or that there is no such chat. */
export type BulkOutcome<Done extends string> =
  | { chatId: string; outcome: Done; chat: Chat }
  | { chatId: string; outcome: "not_found" };

/** One outcome for each id that was asked for, in the same order, repeated ids included. */
function outcomesOf<Done extends string>(
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
function checkBulkSize(chatIds: readonly string[]): void {
  if (chatIds.length > limits.bulkSize)
    throw new RangeError(`A set has at most ${limits.bulkSize} chats, got ${chatIds.length}`);
}

/**
 * Moves up to `limits.bulkSize` chats into the trash, all at once or, if the database fails, none. Answers an
 * outcome for each id that was asked for, in the same order.
 */
export async function bulkTrash(
  ctx: Context,
  { chatIds }: { chatIds: readonly string[] },
): Promise<BulkOutcome<"trashed">[]> {
  checkBulkSize(chatIds);
  const moved = await trashSet(ctx, { chatIds });
  return outcomesOf(
    chatIds,
    moved.map(({ chat }) => chat),
    "trashed",
  );
}

/**
 * Takes up to `limits.bulkSize` chats out of the trash, all at once or, if the database fails, none. Answers an
 * outcome for each id that was asked for, in the same order.
 */
export async function bulkRestore(
  ctx: Context,
  { chatIds }: { chatIds: readonly string[] },
): Promise<BulkOutcome<"restored">[]> {
  checkBulkSize(chatIds);
  const moved = await restoreSet(ctx, { chatIds });
  return outcomesOf(
    chatIds,
    moved.map(({ chat }) => chat),
    "restored",
  );
}
