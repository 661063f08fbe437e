import { chatColumns, chatRows } from "../chats/chat-row.ts";
import { givenChats } from "../chats/given-chats.ts";
import type { Context } from "../context.ts";
import { messageColumns, messageRows } from "../messages/read-messages.ts";
import type { Chat, Message } from "../types.ts";

export type ReadContents = { chatIds: readonly string[]; messages: readonly MessageRef[] };
export type MessageRef = { chatId: string; seq: number };

/** The key of a message in `Contents`. */
export const messageKey = ({ chatId, seq }: MessageRef): string => `${chatId} ${seq}`;

/** What of them is still there: chats by id, messages by `messageKey`. */
export type Contents = { chats: Map<string, Chat>; messages: Map<string, Message> };

/** Reads chats and messages through the chats' rows, all at once. What is gone is left out. */
export async function readContents(ctx: Context, wanted: ReadContents): Promise<Contents> {
  const [chats, messages] = await Promise.all([
    wanted.chatIds.length === 0 ? [] : readChats(ctx, wanted.chatIds),
    wanted.messages.length === 0 ? [] : readMessages(ctx, wanted.messages),
  ]);
  return {
    chats: new Map(chats.map((chat) => [chat.id, chat])),
    messages: new Map(messages.map((message) => [messageKey(message), message])),
  };
}

async function readChats(ctx: Context, ids: readonly string[]): Promise<Chat[]> {
  const rows = await ctx.db.$queryRaw`
    SELECT ${chatColumns} FROM ${givenChats(ctx.tenantId, ids)}`;
  return chatRows.parse(rows);
}

async function readMessages(ctx: Context, places: readonly MessageRef[]): Promise<Message[]> {
  const rows = await ctx.db.$queryRaw`
    SELECT ${messageColumns}
    FROM unnest(
      ${places.map(({ chatId }) => chatId)}::uuid[], ${places.map(({ seq }) => seq)}::integer[]
    ) AS wanted (chat_id, seq)
    CROSS JOIN LATERAL (
      SELECT message.*
      FROM chat JOIN message ON message.tenant_id = chat.tenant_id AND message.chat_id = chat.id
      WHERE chat.tenant_id = ${ctx.tenantId}::uuid AND chat.id = wanted.chat_id AND message.seq = wanted.seq
      OFFSET 0
    ) AS message`;
  return messageRows.parse(rows);
}
