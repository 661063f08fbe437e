import type { Context } from "../context.ts";
import { chatNotFound, LetheError, onHold, versionMismatch } from "../errors.ts";
import { deletionIdUnder } from "../idempotency/once.ts";
import type { Deletion } from "./delete-chats.ts";
import { gatherDeletion } from "./gather-deletions.ts";
import { getChat } from "./get-chat.ts";
import type { VersionCondition } from "./version-condition.ts";

export type DeleteChat = VersionCondition & {
  chatId: string;
  /** Close live connections instead of refusing. */
  force: boolean;
};

/**
 * Deletes a chat and all of its messages, if it meets the condition. When it answers, nothing of the chat can be reached any more.
 *
 * Under an idempotency key a chat that an earlier attempt deleted is answered from the ledger.
 *
 * Throws NOT_FOUND (chat_not_found), CONFLICT (on_hold) whatever `force` says, CONFLICT (active_connections)
 * while sockets are open on it and `force` is not given, and PRECONDITION_FAILED (version_mismatch).
 */
export async function deleteChat(
  ctx: Context,
  { chatId, force, ...condition }: DeleteChat,
): Promise<Deletion> {
  const result = await gatherDeletion(ctx.db, {
    tenantId: ctx.tenantId,
    chatId,
    force,
    ...condition,
    actor: ctx.actor,
    deletionId: deletionIdUnder(ctx.once, chatId),
  });
  switch (result.outcome) {
    case "deleted": {
      const { outcome: _, ...deletion } = result;
      return deletion;
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
