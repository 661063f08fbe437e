import type { Context } from "../context.ts";
import { chatNotFound } from "../errors.ts";
import type { Chat } from "../types.ts";
import { restoreSet } from "./restore-set.ts";

/**
 * Takes a chat out of the trash: it is as it was, at its place in the list. A chat that is not in the trash is
 * answered as it is. Throws NOT_FOUND (chat_not_found), as for one that was purged.
 */
export async function restoreChat(ctx: Context, { chatId }: { chatId: string }): Promise<Chat> {
  const [chat] = await restoreSet(ctx, { chatIds: [chatId] });
  if (chat === undefined) throw chatNotFound();
  return chat;
}
