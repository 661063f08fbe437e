import { meets, type VersionCondition } from "../chats/chat-row.ts";
import type { Context } from "../context.ts";
import { chatNotFound, versionMismatch } from "../errors.ts";
import type { Chat } from "../types.ts";
import { restoreSet } from "./restore-set.ts";

export type RestoreChat = { chatId: string } & VersionCondition;

/**
 * Takes a chat out of the trash, if it meets the condition: it is as it was, at its place in the list. A chat that is
 * not in the trash is answered as it is. Throws NOT_FOUND (chat_not_found), as for one that was purged, and
 * PRECONDITION_FAILED (version_mismatch).
 */
export async function restoreChat(ctx: Context, { chatId, ...condition }: RestoreChat): Promise<Chat> {
  const [moved] = await restoreSet(ctx, { chatIds: [chatId], ...condition });
  if (moved === undefined) throw chatNotFound();
  const { chat, changed } = moved;
  if (!changed && !meets(chat.version, condition)) throw versionMismatch(chat.version);
  return chat;
}
