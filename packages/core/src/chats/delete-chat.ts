import type { Database } from "@lethe/db";
import type { Context } from "../context.ts";
import { sqlState, sqlStates, wasRolledBack } from "../database-error.ts";
import { chatNotFound, LetheError, onHold, overloaded, versionMismatch } from "../errors.ts";
import { deletionIdUnder } from "../idempotency/keys.ts";
import { perDatabase } from "../per-database.ts";
import type { DeletionRecord } from "../types.ts";
import { Batcher } from "./batcher.ts";
import type { VersionCondition } from "./chat-row.ts";
import { locked, onceThenInTurn } from "./chat-turns.ts";
import { getChat } from "./chats.ts";
import { type DeletionOutcome, type DeletionRequest, deleteChats } from "./delete-chats.ts";

export type DeleteChat = VersionCondition & {
  chatId: string;
  /** Close live connections instead of refusing. */
  force: boolean;
};

/**
 * Deletes a chat and all of its messages, if it meets the condition. When it answers, nothing of the chat can be reached
 * any more. It answers the line of the ledger, and the receipt if somebody signs.
 *
 * Under an idempotency key a chat that an earlier attempt deleted is answered from the ledger.
 *
 * Throws NOT_FOUND (chat_not_found), CONFLICT (on_hold) whatever `force` says, CONFLICT (active_connections)
 * while sockets are open on it and `force` is not given, and PRECONDITION_FAILED (version_mismatch).
 */
export async function deleteChat(
  ctx: Context,
  { chatId, force, ...condition }: DeleteChat,
): Promise<DeletionRecord & { receipt: string | null }> {
  const result = await batchDeletion(ctx.db, {
    tenantId: ctx.tenantId,
    chatId,
    force,
    ...condition,
    actor: ctx.actor,
    deletionId: deletionIdUnder(ctx.once, chatId),
    signReceipt: ctx.signReceipt,
  });
  switch (result.outcome) {
    case "deleted": {
      const { outcome: _, receipt, ...deletion } = result;
      return { ...deletion, receipt: (await receipt) ?? null };
    }
    case "not_found":
      throw chatNotFound();
    case "on_hold":
      throw onHold();
    case "active_connections":
      throw activeConnections(result.activeConnections);
    case "precondition_failed": {
      const { version } = await getChat(ctx, { chatId });
      throw versionMismatch(version);
    }
  }
}

function activeConnections(count: number): LetheError {
  const connections = count === 1 ? "1 active WebSocket connection" : `${count} active WebSocket connections`;
  return new LetheError(
    "CONFLICT",
    "active_connections",
    `The chat has ${connections}. Close ${count === 1 ? "it" : "them"} and try again, or delete with force=true to disconnect and delete`,
    { activeConnections: count, retryAfter: 5 },
  );
}

/** Measured (docs/adr/0002): one leaves the database idle at times, and more make the sets too small. */
const inFlight = 2;
/** A larger set costs no less a chat, and has all others wait for it while nobody else has anything to do (there too). */
const mostTogether = 64;

/**
 * Deletes one chat together with others that are asked for at the same time: requests that arrive while
 * transactions are in flight share the next. A request on an idle database starts at once.
 *
 * A chat that somebody else has locked does not hold up the others: it is tried again with the next batch.
 * Throws SERVICE_UNAVAILABLE (chat_busy) when it stays locked.
 */
function batchDeletion(
  db: Database,
  request: DeletionRequest,
): Promise<Exclude<DeletionOutcome, { outcome: "locked" }>> {
  const batcher = batcherOf(db);
  let alone = false;
  const attempt = async () => {
    try {
      const [result] = alone ? await deleteChats(db, [request]) : [await batcher.add(request)];
      return result === undefined || result.outcome === "locked" ? locked : result;
    } catch (error) {
      // What hangs on the chat is locked, and to find that out has held up the whole set.
      alone = sqlState(error) === sqlStates.lockTimeout;
      if (alone) return locked;
      throw error;
    }
  };
  return onceThenInTurn({ db, tenantId: request.tenantId }, request.chatId, attempt);
}

const batcherOf = perDatabase(
  (db): Batcher<DeletionRequest, DeletionOutcome> =>
    new Batcher({
      run: (requests: DeletionRequest[]) => deleteChats(db, requests),
      batchSize: mostTogether,
      inFlight,
      // A second try of what was committed would find the chats gone and answer that they never were.
      separable: wasRolledBack,
      overload: () => overloaded("Too many deletions are waiting"),
    }),
);
