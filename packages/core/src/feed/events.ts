import { type Database, queryRows } from "@lethe/db";
import { z } from "zod";
import { chatColumns, chatRow } from "../chats/chat-row.ts";
import { messageColumns, messageRow } from "../messages/read-messages.ts";
import { type Chat, chatEventTypes, type FeedItem, type Message, type TenantEvent } from "../types.ts";

const common = {
  tenant_id: z.string(),
  xid: z.bigint(),
  id: z.bigint(),
  at: z.date(),
  /** The snapshot of the statement that wrote it; null in those of old versions. */
  saw: z.string().nullable(),
};
const chat_id = z.string();

/** A row of the outbox: what happened to which chat, without content. */
const eventRow = z.discriminatedUnion("type", [
  z.object({ ...common, chat_id, type: z.enum(chatEventTypes) }),
  z.object({ ...common, chat_id, type: z.literal("message.created"), seq: z.int() }),
  z.object({
    ...common,
    chat_id,
    type: z.enum(["chat.deleted", "deletion.erased"]),
    deletion_id: z.string(),
  }),
  z.object({ ...common, type: z.literal("deletion_job.finished"), job_id: z.string() }),
  // For webhooks alone: nobody of the tenant is there to hear of it.
  z.object({ ...common, type: z.literal("tenant.deleted") }),
]);
export type EventRow = z.infer<typeof eventRow>;

/** The rows of known types: those that a newer version of the program writes are passed over. */
export function knownEvents(rows: readonly unknown[]): EventRow[] {
  return rows.flatMap((row) => {
    const known = eventRow.safeParse(row);
    return known.success ? [known.data] : [];
  });
}

const tenant = z.object({ tenant_id: z.string() });
const chatsSchema = z.array(tenant.and(chatRow));
const messagesSchema = z.array(tenant.and(messageRow));

/** An event with its content, and the row that says whose it is; `item` is made when it first goes to a tail. */
export type LoadedEvent = { row: EventRow; event: TenantEvent; item?: FeedItem };

/**
 * Loads what events tell of through the chats' rows, all chats in one query and all messages in another.
 * An event whose chat is gone is left out: its deletion has an event of its own.
 */
export async function loadContent(db: Database, rows: readonly EventRow[]): Promise<LoadedEvent[]> {
  const [chats, messages] = await Promise.all([loadChats(db, rows), loadMessages(db, rows)]);
  return rows.flatMap((row): LoadedEvent[] => {
    const at = { at: row.at };
    if (row.type === "deletion_job.finished") {
      return [{ row, event: { ...at, type: row.type, jobId: row.job_id } }];
    }
    if (row.type === "tenant.deleted") return [];
    const base = { ...at, chatId: row.chat_id };
    switch (row.type) {
      case "chat.deleted": {
        const event = { ...base, type: row.type, deletedAt: row.at, deletionId: row.deletion_id };
        return [{ row, event }];
      }
      case "deletion.erased": {
        const event = { ...base, type: row.type, erasedAt: row.at, deletionId: row.deletion_id };
        return [{ row, event }];
      }
      case "message.created": {
        const message = messages.get(messageKey(row.tenant_id, row.chat_id, row.seq));
        return message ? [{ row, event: { ...base, type: row.type, message } }] : [];
      }
      default: {
        const chat = chats.get(chatKey(row.tenant_id, row.chat_id));
        return chat ? [{ row, event: { ...base, type: row.type, chat } }] : [];
      }
    }
  });
}

const isOfChat = (row: EventRow) => chatEventTypes.some((type) => type === row.type);

async function loadChats(db: Database, rows: readonly EventRow[]): Promise<Map<string, Chat>> {
  const wanted = rows.flatMap((row) => ("chat_id" in row && isOfChat(row) ? [row] : []));
  if (wanted.length === 0) return new Map();
  const found = await queryRows(db)`
    SELECT chat.tenant_id, ${chatColumns}
    FROM (
      SELECT DISTINCT tenant_id, chat_id
      FROM unnest(
        ${wanted.map((row) => row.tenant_id)}::uuid[], ${wanted.map((row) => row.chat_id)}::uuid[]
      ) AS each(tenant_id, chat_id)
    ) AS wanted
    CROSS JOIN LATERAL (
      SELECT * FROM chat WHERE chat.tenant_id = wanted.tenant_id AND chat.id = wanted.chat_id OFFSET 0
    ) AS chat`;
  return new Map(
    chatsSchema.parse(found).map(({ tenant_id, ...chat }) => [chatKey(tenant_id, chat.id), chat]),
  );
}

async function loadMessages(db: Database, rows: readonly EventRow[]): Promise<Map<string, Message>> {
  const wanted = rows.filter((row) => row.type === "message.created");
  if (wanted.length === 0) return new Map();
  const found = await queryRows(db)`
    SELECT message.tenant_id, ${messageColumns}
    FROM unnest(
      ${wanted.map((row) => row.tenant_id)}::uuid[],
      ${wanted.map((row) => row.chat_id)}::uuid[],
      ${wanted.map((row) => row.seq)}::integer[]
    ) AS wanted (tenant_id, chat_id, seq)
    CROSS JOIN LATERAL (
      SELECT message.*
      FROM chat JOIN message ON message.tenant_id = chat.tenant_id AND message.chat_id = chat.id
      WHERE chat.tenant_id = wanted.tenant_id AND chat.id = wanted.chat_id AND message.seq = wanted.seq
      OFFSET 0
    ) AS message`;
  return new Map(
    messagesSchema
      .parse(found)
      .map(({ tenant_id, ...message }) => [messageKey(tenant_id, message.chatId, message.seq), message]),
  );
}

const chatKey = (tenantId: string, chatId: string) => `${tenantId} ${chatId}`;
const messageKey = (tenantId: string, chatId: string, seq: number) => `${tenantId} ${chatId} ${seq}`;
