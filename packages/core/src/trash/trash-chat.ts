import type { Context } from "../context.ts";
import { chatNotFound, versionMismatch } from "../errors.ts";
import type { Chat } from "../types.ts";
import { trashSet } from "./trash-set.ts";

export type TrashChat = {
  chatId: string;
  /** Only if the chat's version is one of these. */
  versions?: readonly number[] | undefined;
};

/**
 * Moves a chat into the trash, where it can be read and restored, and nothing else. It is purged when the
 * tenant's days are over. Its `updatedAt` stays, so that it comes back to its place in the list.
 *
 * A chat that is in the trash already is answered as it is, whatever `versions` says: the first of two tries may
 * have been the one that did it.
 *
 * Throws NOT_FOUND (chat_not_found) and PRECONDITION_FAILED (version_mismatch).
 */
export async function trashChat(ctx: Context, { chatId, versions }: TrashChat): Promise<Chat> {
  const [chat] = await trashSet(ctx, { chatIds: [chatId], versions });
  if (chat === undefined) throw chatNotFound();
  if (chat.trashedAt === null) throw versionMismatch(chat.version);
  return chat;
}
