import { meets, type VersionCondition } from "../chats/chat-row.ts";
import type { Context } from "../context.ts";
import { chatNotFound, versionMismatch } from "../errors.ts";
import type { Chat } from "../types.ts";
import { trashSet } from "./trash-set.ts";

export type TrashChat = { chatId: string } & VersionCondition;

/**
 * Moves a chat into the trash, if it meets the condition: there it can be read and restored, and nothing else. It is
 * purged when the tenant's days are over. Its `updatedAt` stays, so that it comes back to its place in the list.
 *
 * A chat that is in the trash already is answered as it is, whichever `versions` are asked for: the first of two tries
 * may have been the one that did it.
 *
 * Throws NOT_FOUND (chat_not_found) and PRECONDITION_FAILED (version_mismatch).
 */
export async function trashChat(ctx: Context, { chatId, ...condition }: TrashChat): Promise<Chat> {
  const [moved] = await trashSet(ctx, { chatIds: [chatId], ...condition });
  if (moved === undefined) throw chatNotFound();
  const { chat, changed } = moved;
  const { versions, exceptVersions } = condition;
  const again = chat.trashedAt !== null && versions?.length !== 0 && meets(chat.version, { exceptVersions });
  if (!changed && !again) throw versionMismatch(chat.version);
  return chat;
}
