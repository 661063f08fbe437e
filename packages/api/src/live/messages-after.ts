import { type Context, limits, listMessages, type Message } from "@lethe/core";

/** Whoever missed more than this reads the chat anew. */
const mostPages = 10;

/**
 * The messages of a chat after `seq`, oldest first.
 *
 * @throws NOT_FOUND (chat_not_found), and RangeError when they are too many to be told live
 */
export async function messagesAfter(context: Context, chatId: string, seq: number): Promise<Message[]> {
  const found: Message[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const { items, nextCursor } = await listMessages(context, {
      chatId,
      limit: limits.pageSize,
      cursor,
      order: "newest_first",
    });
    const unseen = items.filter((message) => message.seq > seq);
    found.push(...unseen);
    if (unseen.length < items.length || nextCursor === null) return found.reverse();
    cursor = nextCursor;
  }
  throw new RangeError(`More than ${mostPages * limits.pageSize} messages were missed`);
}
