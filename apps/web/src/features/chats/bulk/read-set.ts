import type { Chat } from "@lethe/api/schemas";
import { type LetheClient, toLetheError } from "@lethe/client";

/** What there is to say of chats before they are deleted. */
export type SetFacts = {
  /** How many there are; those that are gone by now do not count. */
  total: number;
  messages: number;
  /** Others are connected to them. */
  live: number;
  /** Nothing deletes them, `live` or not. */
  held: number;
};

/** Chats that are asked for at the same time. */
const atOnce = 100;

/**
 * Reads chats as they are now, and counts what stands in the way of their deletion.
 *
 * @param ownConnections how many of a chat's connections are this page's, which it closes itself
 */
export async function readSet(
  client: LetheClient,
  chatIds: readonly string[],
  ownConnections: (chatId: string) => number,
  signal: AbortSignal,
): Promise<SetFacts> {
  const facts: SetFacts = { total: 0, messages: 0, live: 0, held: 0 };
  for (let from = 0; from < chatIds.length; from += atOnce) {
    const some = chatIds.slice(from, from + atOnce);
    for (const chat of await Promise.all(some.map((id) => readOne(client, id, signal)))) {
      if (!chat) continue;
      facts.total += 1;
      facts.messages += chat.message_count;
      if (chat.hold) facts.held += 1;
      else if (chat.active_connections > ownConnections(chat.id)) facts.live += 1;
    }
  }
  return facts;
}

async function readOne(client: LetheClient, chatId: string, signal: AbortSignal): Promise<Chat | undefined> {
  try {
    return await client.chat.byId.query({ chat_id: chatId }, { signal });
  } catch (error) {
    if (toLetheError(error).reason === "chat_not_found") return undefined;
    throw error;
  }
}
