import { randomInt } from "node:crypto";
import { foldTitle } from "@lethe/text";
import type { Context } from "../context.ts";
import { slice } from "../messages/message-slices.ts";
import { phrases } from "./phrases.ts";

/** How far a seeding has come. */
export type SeedProgress = { chats: number; messages: number };

/** What to seed, and who wants to know how far it is. */
export type SeedOptions = {
  /** Chats to write. */
  chats: number;
  /** Messages in each of them. */
  messages: number;
  /** Called after every batch with all that has been written so far. */
  onProgress?: (written: SeedProgress) => void;
  /** Stops between two batches; what was written stays. */
  signal?: AbortSignal;
};

/** Messages of one statement: many enough to be fast, few enough to stay far from the statement timeout. */
const batch = 10_000;

/**
 * Fills a tenant with chats that look lived in, spread over the last 90 days. Every batch is one
 * statement, so each chat is whole at any moment; one with more messages than a batch grows over
 * several. It writes no events: a million of them would drown those who listen.
 * @returns what was written: all that was asked for, unless `signal` stopped it
 */
export async function seedChats(ctx: Context, options: SeedOptions): Promise<SeedProgress> {
  const { chats, messages, onProgress, signal } = options;
  const written = { chats: 0, messages: 0 };
  const wrote = (newChats: number, newMessages: number) => {
    written.chats += newChats;
    written.messages += newMessages;
    onProgress?.({ ...written });
  };
  await cutTime(ctx, Math.floor((chats * messages) / slice.size));
  const atOnce = Math.min(messages, batch);
  const chatsAtOnce = Math.ceil(batch / (atOnce + 2));
  while (written.chats < chats && !signal?.aborted) {
    const count = Math.min(chatsAtOnce, chats - written.chats);
    const chatId = await writeBatch(ctx, count, atOnce);
    wrote(count, count * atOnce);
    for (let length = atOnce; length < messages && !signal?.aborted; ) {
      const added = await lengthenChat(ctx, chatId, Math.min(batch, messages - length));
      if (added === 0) break;
      length += added;
      wrote(0, added);
    }
  }
  await ctx.db.$executeRaw`ANALYZE transcript, chat, message`;
  return written;
}

/** Cuts the time that a new tenant's chats are spread over into slices: the background brings messages into the index. */
async function cutTime({ db, tenantId }: Context, slices: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO message_slice (tenant_id, since, mask, size)
    SELECT ${tenantId}::uuid, now() - n * interval '90 days' / ${slices + 1}::integer,
      random() * 4294967295 - 2147483648, ${slice.size}::integer
    FROM generate_series(1, ${slices}::integer) AS n
    WHERE NOT EXISTS (SELECT FROM transcript WHERE tenant_id = ${tenantId}::uuid)`;
}

/** Writes `chats` chats of `messages` messages and returns the id of one of them. */
async function writeBatch({ db, tenantId }: Context, chats: number, messages: number): Promise<string> {
  const { authors, sentences } = phrases;
  const titles = Array.from({ length: chats }, someTitle);
  const indexed = titles.map((title) => foldTitle(tenantId, title));
  const [one] = await db.$queryRaw<{ id: string }[]>`
    WITH made AS MATERIALIZED (
      SELECT
        gen_random_uuid() AS id, given.*,
        now() - random() * interval '90 days' AS began,
        random() * interval '2 minutes' AS pace,
        (${authors}::text[])[1 + floor(random() * ${authors.length}::int)::int] AS asks,
        (${authors}::text[])[1 + floor(random() * ${authors.length}::int)::int] AS answers
      FROM unnest(
        ${titles}::text[], ${indexed.map(({ folded }) => folded)}::text[],
        ${indexed.map(({ terms }) => `{${terms.join()}}`)}::text[]
      ) AS given(title, folded, terms)
    ),
    paced AS (
      SELECT made.*, least(pace, (now() - began) / ${Math.max(1, messages)}::int) AS step FROM made
    ),
    new_transcript AS (
      INSERT INTO transcript (tenant_id, chat_id, created_at)
      SELECT ${tenantId}::uuid, id, began FROM paced
    ),
    new_chat AS (
      INSERT INTO chat (tenant_id, id, title, title_folded, message_count, version, created_at, updated_at)
      SELECT ${tenantId}::uuid, id, title, folded, ${messages}::int, 1 + ${messages}::int, began,
        began + step * ${messages}::int
      FROM paced
      RETURNING id
    ),
    indexed AS (
      INSERT INTO title_index (tenant_id, chat_id, terms, folded)
      SELECT ${tenantId}::uuid, id, terms::integer[], folded FROM paced
    ),
    said AS (
      INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at)
      SELECT ${tenantId}::uuid, id, seq, CASE seq % 2 WHEN 1 THEN asks ELSE answers END,
        concat_ws(' ',
          (${sentences}::text[])[1 + floor(random() * ${sentences.length}::int)::int],
          (${sentences}::text[])[1 + floor(random() * 2 * ${sentences.length}::int)::int]),
        began + step * seq
      FROM paced, generate_series(1, ${messages}::int) AS seq
    )
    SELECT id FROM new_chat LIMIT 1`;
  if (!one) throw new Error("A batch of chats was written, but none came back.");
  return one.id;
}

function someTitle(): string {
  const { openers, subjects, places } = phrases;
  return `${pick(openers)} ${pick(subjects)} in ${pick(places)}, no. ${1_000 + randomInt(9_000)}`;
}

const pick = (of: readonly string[]) => of[randomInt(of.length)] ?? "";

/**
 * Goes on with a seeded chat in one statement, under the chat's row lock as every writer of messages.
 * @param count messages to add
 * @returns messages added; 0 when the chat is gone
 */
function lengthenChat({ db, tenantId }: Context, chatId: string, count: number): Promise<number> {
  const { sentences } = phrases;
  return db.$executeRaw`
    WITH before AS (
      SELECT message_count, updated_at, (now() - updated_at) / 2 AS span
      FROM chat
      WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid
      FOR UPDATE
    ),
    chat_row AS (
      UPDATE chat
      SET message_count = chat.message_count + ${count}::int, version = version + ${count}::int,
        updated_at = before.updated_at + before.span
      FROM before
      WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid
      RETURNING before.message_count, before.updated_at, before.span
    ),
    voice AS (
      SELECT author, row_number() OVER (ORDER BY seq DESC) % 2 AS turn
      FROM message
      WHERE tenant_id = ${tenantId}::uuid AND chat_id = ${chatId}::uuid
      ORDER BY seq DESC
      LIMIT 2
    )
    INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at)
    SELECT ${tenantId}::uuid, ${chatId}::uuid, chat_row.message_count + n, voice.author,
      concat_ws(' ',
        (${sentences}::text[])[1 + floor(random() * ${sentences.length}::int)::int],
        (${sentences}::text[])[1 + floor(random() * 2 * ${sentences.length}::int)::int]),
      chat_row.updated_at + chat_row.span * n / ${count}::int
    FROM chat_row, generate_series(1, ${count}::int) AS n, voice
    WHERE voice.turn = n % 2`;
}
