import { LRUCache } from "lru-cache";
import { atMost } from "../cache-options.ts";
import { Batcher } from "../chats/batcher.ts";
import { meets, type VersionCondition } from "../chats/chat-row.ts";
import { inTurn, locked } from "../chats/chat-turns.ts";
import { getChat } from "../chats/chats.ts";
import type { Context } from "../context.ts";
import { sqlState, sqlStates, wasRolledBack } from "../database-error.ts";
import { chatBusy, chatTrashed, overloaded, versionMismatch } from "../errors.ts";
import { requireOwnKey } from "../idempotency/keys.ts";
import { perDatabase } from "../per-database.ts";
import type { Message } from "../types.ts";
import { countMessages } from "./message-slices.ts";
import { type Share, type Text, writeMessage, writeMessages } from "./write-messages.ts";

export type CreateMessage = Text & { chatId: string } & VersionCondition;
type Writer = Batcher<Text, Message>;

/** Messages that a chat's writer takes at a time. */
const mostOfOneChat = 100;
/** Chats whose writers are kept; a chat with two of them is written to all the same, in turns. */
const mostWriters = 1_000;
const writersOf = perDatabase(() => new LRUCache<string, Writer>(atMost(mostWriters)));

/** Measured, as the next: docs/adr/0059-messages-share-a-transaction.md. */
const inFlight = 2;
/** What a set weighs at most: a message is one, and one more for each `weightOne` characters. */
const mostTogether = 32;
const weightOne = 4_096;
/** What weighs more has a transaction of its own, so that others do not wait for it. */
const heavy = mostTogether / 2;

/**
 * Writes a message at the end of a chat, if the chat meets the condition. Its `seq` is taken under the lock of the chat's
 * row, the same that a deletion takes: nothing can be written into a chat that is gone. Messages that arrive while others
 * are being written, into any chats of any tenants, are written together by the next transaction. One with a condition or
 * an idempotency key is written alone.
 *
 * Throws NOT_FOUND (chat_not_found), CONFLICT (chat_trashed) while it is in the trash, PRECONDITION_FAILED
 * (version_mismatch), and SERVICE_UNAVAILABLE (chat_busy) when somebody else keeps it locked. Under an idempotency key
 * the message is written once: throws CONFLICT (idempotency_key_in_use) when another attempt has the key.
 */
export async function createMessage(ctx: Context, input: CreateMessage): Promise<Message> {
  const { chatId, author, body, ...condition } = input;
  const isAlone = (ctx.once ?? condition.versions ?? condition.exceptVersions) !== undefined;
  const message = isAlone ? await writeAlone(ctx, input) : await writerOf(ctx, chatId).add({ author, body });
  // What is written is written, whether it can be counted or not.
  await countMessages(ctx.db, ctx.tenantId, 1).catch(() => {});
  return message;
}

const writeAlone = (ctx: Context, { chatId, author, body, ...condition }: CreateMessage): Promise<Message> =>
  inTurn(ctx, chatId, async () => {
    const message = await orLocked(() => writeMessage(ctx, chatId, { author, body }, condition));
    return message ?? whyNot(ctx, chatId, condition);
  });

/** Of one chat a process writes one set at a time, so that the sets do not find it locked by each other. */
function writerOf({ tenantId, actor, db }: Context, chatId: string): Writer {
  const writers = writersOf(db);
  const key = `${tenantId} ${chatId}`;
  const known = writers.get(key);
  if (known) return known;
  const writer: Writer = new Batcher({
    run: (texts: Text[]) => writeShare({ tenantId, actor, db }, chatId, texts),
    batchSize: mostOfOneChat,
    inFlight: 1,
    separable: wasRolledBack,
    overload: chatBusy,
  });
  writers.set(key, writer);
  return writer;
}

/** Writes messages of one chat, together with what others write. */
function writeShare(ctx: Context, chatId: string, texts: readonly Text[]): Promise<Message[]> {
  const { tenantId, db } = ctx;
  const share = { tenantId, chatId, texts };
  let alone = weightOf(share) > heavy;
  return inTurn(ctx, chatId, async () => {
    const written = await orLocked(async () => {
      if (!alone) return setsOf(db).add(share);
      const [messages = []] = await writeMessages(db, [share]);
      return messages;
    });
    // What hangs on the chat is locked, and to find that out has held up the whole set.
    if (written === locked) alone = true;
    return written === locked || written.length > 0 ? written : whyNot(ctx, chatId, {});
  });
}

const weightOf = ({ texts }: Share): number =>
  texts.reduce((sum, { body }) => sum + 1 + Math.floor(body.length / weightOne), 0);

const setsOf = perDatabase(
  (db): Batcher<Share, Message[]> =>
    new Batcher({
      run: (shares: Share[]) => writeMessages(db, shares),
      batchSize: mostTogether,
      weigh: weightOf,
      inFlight,
      // Not what waited for a lock in vain: each would wait for it once more, and it is for one of them.
      separable: (error: unknown) => wasRolledBack(error) && !isLockTimeout(error),
      overload: () => overloaded("Too many messages are waiting"),
    }),
);

const isLockTimeout = (error: unknown) => sqlState(error) === sqlStates.lockTimeout;

/** What hangs on a chat can be locked as well; then nothing was done, as with the chat itself. */
async function orLocked<Result>(write: () => Promise<Result>): Promise<Result | typeof locked> {
  try {
    return await write();
  } catch (error) {
    if (isLockTimeout(error)) return locked;
    throw error;
  }
}

/** Why nothing was written: throws what is in the way, or answers that the chat is locked. */
async function whyNot(ctx: Context, chatId: string, condition: VersionCondition): Promise<typeof locked> {
  await requireOwnKey(ctx);
  const { trashedAt, version } = await getChat(ctx, { chatId });
  if (trashedAt !== null) throw chatTrashed();
  if (!meets(version, condition)) throw versionMismatch(version);
  return locked;
}
