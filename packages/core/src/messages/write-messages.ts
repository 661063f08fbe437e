import { randomUUID } from "node:crypto";
import { type Database, queryRows } from "@lethe/db";
import { messageTerms } from "@lethe/text";
import { z } from "zod";
import type { VersionCondition } from "../chats/chat-row.ts";
import type { Context, TenantId } from "../context.ts";
import type { Message } from "../types.ts";

export type Text = { author: string; body: string };

/** Messages for one chat, in their order. */
export type Share = { tenantId: TenantId; chatId: string; texts: readonly Text[] };

const loneRows = z.array(z.object({ id: z.string(), chatId: z.string(), seq: z.int(), createdAt: z.date() }));

/**
 * Writes a message at the end of a chat that meets the condition, under the context's idempotency key if it has one.
 * Undefined: nothing was done. The chat is not there, in the trash, at another version or locked by somebody else, or
 * the key is another attempt's. Waits for no chat, and 250 ms at most for anything else.
 */
export async function writeMessage(
  { db, tenantId, once }: Pick<Context, "db" | "tenantId" | "once">,
  chatId: string,
  { author, body }: Text,
  { versions, exceptVersions }: VersionCondition = {},
): Promise<Message | undefined> {
  const rows = await queryRows(db)`
    SELECT message_id AS id, chat_id AS "chatId", seq, created_at AS "createdAt"
    FROM write_message(
      ${tenantId}::uuid, ${chatId}::uuid, ${author}::text, ${body}::text, ${termsOf(tenantId, body)}::integer[],
      ${versions ?? null}::integer[], ${exceptVersions ?? null}::integer[],
      ${once?.apiKeyId ?? null}::uuid, ${once?.keyHash ?? null}::bytea, ${once?.attempt ?? null}::uuid
    )`;
  const [row] = loneRows.parse(rows);
  if (row === undefined) return undefined;
  const { id, seq, createdAt } = row;
  return { id, chatId: row.chatId, seq, author, body, createdAt };
}

const shareRows = z.array(
  z.object({ ordinal: z.int(), chatId: z.string(), lastSeq: z.int(), createdAt: z.date() }),
);

/**
 * Writes messages into a set of chats of any tenants, each of which is named once, in one transaction. Answers those of
 * each share, in the order of the shares; none: nothing of this share was done. Its chat is not there, in the trash, or
 * locked by somebody else. Waits for no chat, and 250 ms at most for anything else.
 */
export async function writeMessages(db: Database, shares: readonly Share[]): Promise<Message[][]> {
  const [share, another] = shares;
  const [text, ...more] = share?.texts ?? [];
  // A set of one message has a function of its own, which is faster.
  if (share && text && another === undefined && more.length === 0) {
    const message = await writeMessage({ db, tenantId: share.tenantId }, share.chatId, text);
    return [message === undefined ? [] : [message]];
  }
  const given = shares.map(({ texts }) => texts.map((one) => ({ id: randomUUID(), ...one })));
  const all = given.flat();
  let next = 1;
  const firsts = given.map(({ length }) => {
    next += length;
    return next - length;
  });
  const rows = await queryRows(db)`
    SELECT ordinal, chat_id AS "chatId", last_seq AS "lastSeq", created_at AS "createdAt"
    FROM write_messages(
      ${shares.map(({ tenantId }) => tenantId)}::uuid[], ${shares.map(({ chatId }) => chatId)}::uuid[],
      ${firsts}::integer[], ${given.map(({ length }) => length)}::integer[],
      ${all.map(({ id }) => id)}::uuid[], ${all.map(({ author }) => author)}::text[],
      ${all.map(({ body }) => body)}::text[],
      ${shares.flatMap(({ tenantId, texts }) => texts.map(({ body }) => termsOf(tenantId, body)))}::text[]
    )`;
  const written = new Map(shareRows.parse(rows).map((row) => [row.ordinal, row]));
  return given.map((messages, at) => {
    const row = written.get(at + 1);
    if (row === undefined) return [];
    const { chatId, lastSeq, createdAt } = row;
    return messages.map(({ id, author, body }, place) => {
      const seq = lastSeq + 1 + place;
      return { id, chatId, seq, author, body, createdAt };
    });
  });
}

/** As PostgreSQL reads an array. */
const termsOf = (tenantId: TenantId, body: string) => `{${messageTerms(tenantId, body).join()}}`;
