import type { LetheClient } from "../create-lethe-client.ts";
import { toLetheError } from "../to-lethe-error.ts";
import { applyChat, forgetChat } from "./apply-event.ts";
import type { LetheCache } from "./lethe-cache.ts";

/** After a failure the truth is the server's: it may have acted and lost its answer. */
export async function checkChat(cache: LetheCache, client: LetheClient, chatId: string): Promise<void> {
  try {
    applyChat(cache, await client.chat.byId.query({ chat_id: chatId }));
  } catch (cause) {
    if (toLetheError(cause).reason === "chat_not_found") forgetChat(cache, chatId, null);
  }
}
