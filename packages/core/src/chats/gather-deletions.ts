import type { Database } from "@lethe/db";
import { wasRolledBack } from "../database-error.ts";
import { LetheError } from "../errors.ts";
import { limits } from "../limits.ts";
import { type DeletionOutcome, type DeletionRequest, deleteChats } from "./delete-chats.ts";
import { Gatherer } from "./gatherer.ts";

/** Measured (docs/adr/0002): one leaves the database idle at times, and more make the sets too small. */
const inFlight = 2;
const gatherers = new WeakMap<Database, Gatherer<DeletionRequest, DeletionOutcome>>();

/**
 * Deletes one chat in the company of all others that are asked for at the same time: requests that
 * arrive while transactions are in flight share the next. A request on an idle database starts at once.
 */
export function gatherDeletion(db: Database, request: DeletionRequest): Promise<DeletionOutcome> {
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
  return gatherer.add(request);
}
