import type { Database } from "@lethe/db";
import { sqlState, sqlStates, wasRolledBack } from "../database-error.ts";
import { LetheError } from "../errors.ts";
import { limits } from "../limits.ts";
import { locked, onceThenInTurn } from "./chat-turns.ts";
import {
  type DeletionOutcome,
  type DeletionRequest,
  deleteChats,
  type FinalOutcome,
} from "./delete-chats.ts";
import { Gatherer } from "./gatherer.ts";

/** Measured (docs/adr/0002): one leaves the database idle at times, and more make the sets too small. */
const inFlight = 2;
const gatherers = new WeakMap<Database, Gatherer<DeletionRequest, DeletionOutcome>>();

/**
 * Deletes one chat in the company of all others that are asked for at the same time: requests that
 * arrive while transactions are in flight share the next. A request on an idle database starts at once.
 *
 * A chat that somebody else has locked keeps none of the company: it is tried again with the next.
 * Throws SERVICE_UNAVAILABLE (chat_busy) when it stays locked.
 */
export function gatherDeletion(db: Database, request: DeletionRequest): Promise<FinalOutcome> {
  const gatherer = gathererOf(db);
  let alone = false;
  const attempt = async () => {
    try {
      const [result] = alone ? await deleteChats(db, [request]) : [await gatherer.add(request)];
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

function gathererOf(db: Database): Gatherer<DeletionRequest, DeletionOutcome> {
  let gatherer = gatherers.get(db);
  if (gatherer === undefined) {
    gatherer = new Gatherer({
      run: (requests: DeletionRequest[]) => deleteChats(db, requests),
      batchSize: limits.deleteBatch,
      inFlight,
      // A second try of what was committed would find the chats gone and answer that they never were.
      separable: wasRolledBack,
      overload: () =>
        new LetheError("SERVICE_UNAVAILABLE", "unavailable", "Too many deletions are waiting; try again", {
          retryAfter: 1,
        }),
    });
    gatherers.set(db, gatherer);
  }
  return gatherer;
}
