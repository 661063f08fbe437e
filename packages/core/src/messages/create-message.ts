import { type Database, Prisma, queryRows } from "@lethe/db";
import { messageTerms } from "@lethe/text";
import { LRUCache } from "lru-cache";
import { Batcher } from "../chats/batcher.ts";
import { andMeets, meets, type VersionCondition } from "../chats/chat-row.ts";
import { freeChat, inTurn, locked } from "../chats/chat-turns.ts";
import { getChat } from "../chats/chats.ts";
import type { Context } from "../context.ts";
import { wasRolledBack } from "../database-error.ts";
import { chatBusy, chatTrashed, versionMismatch } from "../errors.ts";
import { ownKey, requireOwnKey } from "../idempotency/keys.ts";
import type { Message } from "../types.ts";
import { countMessages, maskAt } from "./message-slices.ts";
import { messageColumns, messageRows } from "./read-messages.ts";

type Text = { author: string; body: string };
export type CreateMessage = Text & { chatId: string } & VersionCondition;
type Writer = Batcher<Text, Message>;

/** Messages that one statement writes. */
const batchSize = 100;
/** Chats whose writers are kept; a chat with two of them is written to all the same, in turns. */
const mostWriters = 1_000;
const writersByDatabase = new WeakMap<Database, LRUCache<string, Writer>>();

/**
 * Writes a message at the end of a chat, if the chat meets the condition. Its `seq` is taken under the lock of the chat's
 * row, the same that a deletion takes: nothing can be written into a chat that is gone. Messages that arrive while a
 * statement writes into the chat are written together by the next. One with a condition or an idempotency key is
 * written alone.
 *
 * Throws NOT_FOUND (chat_not_found), CONFLICT (chat_trashed) while it is in the trash, PRECONDITION_FAILED
 * (version_mismatch), and SERVICE_UNAVAILABLE (chat_busy) when somebody else keeps it locked. Under an idempotency key
 * the message is written once: throws CONFLICT (idempotency_key_in_use) when another attempt has the key.
 */
export async function createMessage(ctx: Context, input: CreateMessage): Promise<Message> {
  const { chatId, author, body, ...condition } = input;
  const text = { author, body };
  const alone = ctx.once ?? condition.versions ?? condition.exceptVersions;
  if (alone === undefined) return writerOf(ctx, chatId).add(text);
  const [message] = await write(ctx, chatId, [text], condition);
  if (message === undefined) throw new Error("A message was written that is not there");
  return message;
}

function writerOf({ tenantId, actor, db }: Context, chatId: string): Writer {
  const writers = writersByDatabase.get(db) ?? new LRUCache<string, Writer>({ max: mostWriters });
  writersByDatabase.set(db, writers);
  const key = `${tenantId} ${chatId}`;
  const known = writers.get(key);
  if (known) return known;
  const writer: Writer = new Batcher({
    run: (texts: Text[]) => write({ tenantId, actor, db }, chatId, texts),
    batchSize,
    inFlight: 1,
    separable: wasRolledBack,
    overload: chatBusy,
  });
  writers.set(key, writer);
  return writer;
}

const write = (
  ctx: Context,
  chatId: string,
  texts: readonly Text[],
  condition: VersionCondition = {},
): Promise<Message[]> => inTurn(ctx, chatId, () => writeIfFree(ctx, chatId, texts, condition));

async function writeIfFree(
  ctx: Context,
  chatId: string,
  texts: readonly Text[],
  condition: VersionCondition,
): Promise<Message[] | typeof locked> {
  // The time is the clock's, not the transaction's, which may have begun long before it got the lock:
  // within a chat, times go up with seq.
  const own = ctx.once && ownKey(ctx.tenantId, ctx.once);
  const count = Prisma.sql`${texts.length}::integer`;
  const rows = await queryRows(ctx.db)`
    WITH ${own ? Prisma.sql`own AS (SELECT 1 FROM idempotency_key WHERE ${own} FOR UPDATE),` : Prisma.empty}
    ${freeChat(ctx.tenantId, chatId)},
    chat_row AS (
      UPDATE chat
      SET message_count = message_count + ${count},
          version = version + ${count},
          updated_at = greatest(updated_at, clock_timestamp())
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = (SELECT id FROM free) AND trashed_at IS NULL
        ${andMeets(Prisma.sql`version`, condition)}
        ${own ? Prisma.sql`AND EXISTS (SELECT FROM own)` : Prisma.empty}
      RETURNING tenant_id, id, message_count - ${count} AS last_seq, updated_at
    ),
    slice AS MATERIALIZED (
      SELECT ${maskAt(Prisma.sql`chat_row.tenant_id`, Prisma.sql`chat_row.updated_at`)} AS mask FROM chat_row
    ),
    written AS (
      INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at, terms)
      SELECT chat_row.tenant_id, chat_row.id, chat_row.last_seq + text.place, text.author, text.body, chat_row.updated_at,
        ARRAY(SELECT term # slice.mask FROM unnest(text.terms) AS term)
      FROM chat_row, slice, ${rowsOf(ctx.tenantId, texts)} AS text
      RETURNING *
    ),
    outbox_event AS (
      INSERT INTO event (tenant_id, type, chat_id, seq, at)
      SELECT tenant_id, 'message.created', chat_id, seq, created_at FROM written ORDER BY seq
    )${own ? Prisma.sql`, ${noted(own)}` : Prisma.empty}
    SELECT ${messageColumns} FROM written AS message ORDER BY message.seq`;
  const messages = messageRows.parse(rows);
  if (messages.length > 0) {
    // What is written is written, whether it can be counted or not.
    await countMessages(ctx.db, ctx.tenantId, messages.length).catch(() => {});
    return messages;
  }
  await requireOwnKey(ctx);
  const { trashedAt, version } = await getChat(ctx, { chatId });
  if (trashedAt !== null) throw chatTrashed();
  if (!meets(version, condition)) throw versionMismatch(version);
  return locked;
}

/** A statement for one, which is the usual, and one for any number: each is prepared once. */
function rowsOf(tenantId: string, texts: readonly Text[]): Prisma.Sql {
  const [first, second] = texts;
  if (first !== undefined && second === undefined)
    return Prisma.sql`(
      SELECT ${first.author}::text AS author, ${first.body}::text AS body,
        ${termsOf(tenantId, first)}::integer[] AS terms, 1 AS place
    )`;
  return Prisma.sql`(
    SELECT author, body, terms::integer[], place FROM unnest(
      ${texts.map(({ author }) => author)}::text[], ${texts.map(({ body }) => body)}::text[],
      ${texts.map((text) => termsOf(tenantId, text))}::text[]
    ) WITH ORDINALITY AS each (author, body, terms, place)
  )`;
}

/** As PostgreSQL reads an array. */
const termsOf = (tenantId: string, { body }: Text) => `{${messageTerms(tenantId, body).join()}}`;

/** That the message was written goes into the row of the key in the same transaction. */
const noted = (own: Prisma.Sql) => Prisma.sql`noted AS (
  UPDATE idempotency_key SET status = 201, chat_id = written.chat_id, seq = written.seq
  FROM written WHERE ${own}
)`;
