import { randomUUID } from "node:crypto";
import { type Database, type Meanwhile, type Prisma, queryRows, type Row } from "@lethe/db";
import { z } from "zod";
import type { Actor, TenantId } from "../context.ts";
import { retryingDeadlocks } from "../database-error.ts";
import { type Erasure, wakeErasure } from "../erasure/erasure.ts";
import { deletionColumns, deletionRows } from "../ledger/deletions.ts";
import { limits } from "../limits.ts";
import type { DeletionRecord } from "../types.ts";
import type { VersionCondition } from "./chat-row.ts";

export type DeletionRequest = VersionCondition & {
  tenantId: TenantId;
  chatId: string;
  /** Delete although sockets are open on it. */
  force: boolean;
  /** Who the ledger says has deleted it. */
  actor: Actor;
  /**
   * The id of the ledger's line; default: a random one. Who gives the same in a second try is answered
   * `deleted` if the first has deleted the chat.
   */
  deletionId?: string | undefined;
  /** Signs its receipt, while the database commits. It must not reject. */
  signReceipt?: ((deletion: DeletionRecord) => Promise<string | null>) | undefined;
};

/**
 * What the rules of deletion say of a chat. `Deleted` is what is known of one that may be deleted: its line in the ledger
 * if it was, less in a preview.
 */
export type Verdict<Deleted = DeletionRecord> =
  | ({ outcome: "deleted" } & Deleted)
  | { outcome: "not_found" | "on_hold" }
  | { outcome: "active_connections"; activeConnections: number };

export type DeletionOutcome =
  | Verdict<DeletionRecord & { receipt?: Promise<string | null> | undefined }>
  /** Somebody else is changing it just now: nothing was done, ask again. */
  | { outcome: "locked" }
  | { outcome: "precondition_failed" };

const ordinal = z.int();
const rowsSchema = z.array(
  z.discriminatedUnion("outcome", [
    z.object({
      ordinal,
      outcome: z.literal("deleted"),
      deletion_id: z.string(),
      deleted_at: z.date(),
      erased_at: z.date().nullable(),
      message_count: z.int(),
      export_checksum: z.string().nullable(),
    }),
    z.object({ ordinal, outcome: z.enum(["not_found", "locked", "on_hold"]) }),
    z.object({ ordinal, outcome: z.literal("active_connections"), active_connections: z.int() }),
    z.object({ ordinal, outcome: z.literal("precondition_failed") }),
  ]),
);

/**
 * Deletes a set of chats in one transaction: the only code that deletes. Answers one outcome for each
 * request, in the order of the requests. Of several requests for one chat the first that may delete it
 * does. Up to `limits.deleteBatch` requests, of any tenants. Its time does not grow with the messages: long
 * transcripts are left to jobs. It waits for nobody: a chat that somebody else has locked is answered `locked`.
 *
 * Throws when the database fails; then either all or nothing of it was done, and which of the two is
 * known only from a database that answers again.
 */
export async function deleteChats(
  db: Database,
  requests: readonly DeletionRequest[],
): Promise<DeletionOutcome[]> {
  const { outcomes, erasures } = await retryingDeadlocks(() => deleteChatsWithin(db, requests));
  wakeErasure(db, erasures);
  return recallDeletions(db, requests, outcomes);
}

/**
 * `deleteChats` as a part of the caller's transaction; it recalls nothing of an earlier try. The chats stay
 * locked until its end, those that were not deleted too. After the commit the caller has to `wakeErasure`
 * of what it answers.
 */
export async function deleteChatsWithin(
  tx: Prisma.TransactionClient,
  requests: readonly DeletionRequest[],
): Promise<{ outcomes: DeletionOutcome[]; erasures: Erasure[] }> {
  checkSize(requests);
  if (requests.length === 0) return { outcomes: [], erasures: [] };
  let told: DeletionOutcome[] | undefined;
  const meanwhile = (rows: readonly Row[]) => {
    told = readOutcomes(rows, requests);
  };
  const [first, second] = requests;
  const rows = await (first && second === undefined
    ? deleteOne(tx, first, meanwhile)
    : deleteSet(tx, requests, meanwhile));
  const outcomes = told ?? readOutcomes(rows, requests);
  const erasures = outcomes.flatMap((outcome, index): Erasure[] => {
    const request = requests[index];
    if (outcome.outcome !== "deleted" || outcome.state !== "pending" || request === undefined) return [];
    return [{ tenantId: request.tenantId, chatId: outcome.chatId, deletionId: outcome.id }];
  });
  return { outcomes, erasures };
}

/** The outcomes in the order of the requests; receipts that are wanted are being signed. */
function readOutcomes(answered: readonly Row[], requests: readonly DeletionRequest[]): DeletionOutcome[] {
  const rows = rowsSchema.parse(answered);
  return requests.map((request, index) => {
    const row = rows[index];
    if (row?.ordinal !== index || rows.length !== requests.length)
      throw new Error(`delete_chats answered ${rows.length} rows for ${requests.length} requests`);
    if (row.outcome !== "deleted") return toOutcome(row);
    const deletion = toRecord(row, request);
    return { outcome: row.outcome, ...deletion, receipt: request.signReceipt?.(deletion) };
  });
}

const deleteSet = (
  tx: Prisma.TransactionClient,
  requests: readonly DeletionRequest[],
  meanwhile: Meanwhile,
) => queryRows(tx, meanwhile)`
  SELECT ordinal, outcome, deletion_id, deleted_at, erased_at, message_count, active_connections,
    export_checksum
  FROM delete_chats(
    ${JSON.stringify(requests.map(toParameter))}::jsonb, ${limits.eraseBudget}::integer,
    ${limits.eraseBatchBudget}::integer
  )
  ORDER BY ordinal`;

/** The same for a set of one, by a function of its own that is faster. */
const deleteOne = (
  tx: Prisma.TransactionClient,
  { tenantId, chatId, deletionId, force, versions, exceptVersions, actor }: DeletionRequest,
  meanwhile: Meanwhile,
) => queryRows(tx, meanwhile)`
  SELECT 0 AS ordinal, outcome, deletion_id, deleted_at, erased_at, message_count, active_connections,
    export_checksum
  FROM delete_chat(
    ${tenantId}::uuid, ${chatId}::uuid, ${deletionId ?? randomUUID()}::uuid, ${force}::boolean,
    ${versions ?? null}::integer[], ${exceptVersions ?? null}::integer[],
    ${actor.kind}::text, ${actor.id}::text, ${actor.name ?? null}::text, ${actor.via}::text, ${limits.eraseBudget}::integer
  )`;

/**
 * Answers the first chats, at least one, that one call erases with all their messages. So no short transcript is left to
 * jobs, which erase one after the other.
 */
export function fittingOneCall<Chat>(chats: readonly Chat[], messagesOf: (chat: Chat) => number): Chat[] {
  let sum = 0;
  const over = chats.findIndex((chat) => {
    const messages = messagesOf(chat);
    if (messages <= limits.eraseBudget) sum += messages;
    return sum > limits.eraseBatchBudget;
  });
  return chats.slice(0, over === -1 ? chats.length : Math.max(1, over));
}

type Previewed = Pick<DeletionRecord, "messageCount">;

const previewSchema = z.array(
  z.discriminatedUnion("outcome", [
    z.object({ ordinal, outcome: z.literal("deleted"), message_count: z.int() }),
    z.object({ ordinal, outcome: z.literal("active_connections"), active_connections: z.int() }),
    z.object({ ordinal, outcome: z.enum(["not_found", "on_hold"]) }),
  ]),
);

/**
 * What `deleteChats` would answer at this moment, in the order of the requests, by the same rules. It locks nothing and
 * waits for nobody. Up to `limits.deleteBatch` requests.
 */
export async function previewDeletions(
  db: Database,
  requests: readonly Omit<DeletionRequest, keyof VersionCondition>[],
): Promise<Verdict<Previewed>[]> {
  checkSize(requests);
  const rows = await db.$queryRaw`
    SELECT ordinal, outcome, message_count, active_connections
    FROM preview_deletions(${JSON.stringify(requests.map(toParameter))}::jsonb)
    ORDER BY ordinal`;
  return previewSchema.parse(rows).map((row): Verdict<Previewed> => {
    switch (row.outcome) {
      case "deleted":
        return { outcome: row.outcome, messageCount: row.message_count };
      case "active_connections":
        return { outcome: row.outcome, activeConnections: row.active_connections };
      default:
        return { outcome: row.outcome };
    }
  });
}

function checkSize(requests: readonly unknown[]): void {
  if (requests.length > limits.deleteBatch)
    throw new RangeError(`A call takes at most ${limits.deleteBatch} requests, got ${requests.length}`);
}

function toParameter(request: DeletionRequest, index: number) {
  return {
    ordinal: index,
    deletion_id: request.deletionId ?? randomUUID(),
    tenant_id: request.tenantId,
    chat_id: request.chatId,
    force: request.force,
    versions: request.versions,
    except_versions: request.exceptVersions,
    actor_kind: request.actor.kind,
    actor_id: request.actor.id,
    actor_name: request.actor.name,
    via: request.actor.via,
  };
}

type Found = z.infer<typeof rowsSchema>[number];

function toOutcome(row: Exclude<Found, { outcome: "deleted" }>): DeletionOutcome {
  return row.outcome === "active_connections"
    ? { outcome: row.outcome, activeConnections: row.active_connections }
    : { outcome: row.outcome };
}

/** The line of the ledger that a deletion has just written. */
const toRecord = (
  row: Extract<Found, { outcome: "deleted" }>,
  { chatId, actor, force }: DeletionRequest,
): DeletionRecord => ({
  id: row.deletion_id,
  chatId: chatId.toLowerCase(),
  deletedAt: row.deleted_at,
  erasedAt: row.erased_at,
  state: row.erased_at === null ? "pending" : "erased",
  messageCount: row.message_count,
  actor: { kind: actor.kind, id: actor.id, name: actor.name ?? null },
  via: actor.via,
  forced: force,
  exportChecksum: row.export_checksum,
});

/**
 * Answers from the ledger for chats that were not found because an earlier try of the same request has deleted them. It
 * finds them by the id that the request gave to the ledger's line. Requests without such an id cost nothing.
 */
async function recallDeletions(
  db: Database,
  requests: readonly DeletionRequest[],
  outcomes: DeletionOutcome[],
): Promise<DeletionOutcome[]> {
  const asked = requests.flatMap(({ tenantId, chatId, deletionId }, index) =>
    deletionId !== undefined && outcomes[index]?.outcome === "not_found"
      ? [{ tenantId, chatId, deletionId }]
      : [],
  );
  if (asked.length === 0) return outcomes;
  const rows = await db.$queryRaw`
    SELECT ${deletionColumns}
    FROM unnest(
      ${asked.map(({ tenantId }) => tenantId)}::uuid[],
      ${asked.map(({ deletionId }) => deletionId)}::uuid[],
      ${asked.map(({ chatId }) => chatId)}::uuid[]
    ) AS asked(of_tenant, of_deletion, of_chat)
    CROSS JOIN LATERAL (
      SELECT * FROM deletion
      WHERE tenant_id = asked.of_tenant AND id = asked.of_deletion AND chat_id = asked.of_chat
      OFFSET 0
    ) AS deletion`;
  const lines = new Map(deletionRows.parse(rows).map((line) => [line.id, line]));
  return outcomes.map((outcome, index): DeletionOutcome => {
    const line = lines.get(requests[index]?.deletionId ?? "");
    if (outcome.outcome !== "not_found" || line === undefined) return outcome;
    return { outcome: "deleted", ...line, receipt: requests[index]?.signReceipt?.(line) };
  });
}
