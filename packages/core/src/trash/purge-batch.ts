import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import {
  type DeletionOutcome,
  type DeletionRequest,
  deleteChats,
  fittingOneCall,
} from "../chats/delete-chats.ts";
import type { Actor } from "../context.ts";
import { provenTenantId } from "../credentials/principal.ts";
import { wasRolledBack } from "../database-error.ts";
import { inOrder } from "../in-order.ts";
import { isPurgeable, purgeAt } from "./purge-at.ts";

const lockRows = z.tuple([z.object({ mine: z.boolean() })]);
/** A chat whose `purge_at` has come, as it was seen. */
const dueChat = z.object({
  tenantId: provenTenantId,
  chatId: z.string(),
  version: z.int(),
  messages: z.int(),
  /**
   * `purge`: to be deleted. `held`: somebody has said that it must be kept. `early`: the tenant's days have become more
   * since `purge_at` was computed.
   */
  verdict: z.enum(["purge", "held", "early"]),
});
type DueChat = z.infer<typeof dueChat>;

/**
 * Finds up to `limit` chats of a tenant whose `purge_at` has come, those that have waited longest first, and
 * judges them by the tenant's days as they are now. Until the transaction `tx` ends they cannot be changed; nothing
 * is found while somebody is changing them, or another process is at this trash.
 */
async function lockDueChats(
  tx: Pick<Database, "$queryRaw">,
  tenantId: string,
  limit: number,
): Promise<DueChat[]> {
  // One process at a time purges a tenant's trash. Each chat is found by its key, whatever the statistics say.
  const [{ mine }] = lockRows.parse(
    await tx.$queryRaw`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${`trash_purge:${tenantId}`}, 0)) AS mine,
        set_config('enable_seqscan', 'off', true)`,
  );
  if (!mine) return [];
  const rows = await tx.$queryRaw`
    WITH due AS MATERIALIZED (
      SELECT tenant_id, id, version, message_count, held_at, trashed_at
      FROM chat ${inOrder}
      WHERE tenant_id = ${tenantId}::uuid AND purge_at <= statement_timestamp()
      ORDER BY purge_at
      LIMIT ${limit}::integer
    ),
    owner AS MATERIALIZED (
      SELECT tenant_id, trash_retention_days AS days
      FROM tenant
      WHERE tenant_id = ${tenantId}::uuid
      FOR SHARE SKIP LOCKED
    )
    SELECT due.tenant_id AS "tenantId", due.id AS "chatId", due.version, due.message_count AS messages,
      CASE
        WHEN ${isPurgeable(Prisma.sql`due.trashed_at`, Prisma.sql`owner.days`, Prisma.sql`statement_timestamp()`)}
          THEN CASE WHEN due.held_at IS NULL THEN 'purge' ELSE 'held' END
        ELSE 'early'
      END AS verdict
    FROM due
    JOIN owner ON owner.tenant_id = due.tenant_id`;
  return z.array(dueChat).parse(rows);
}

/** Whom the ledger names. */
const actor: Actor = { kind: "system", id: "trash_purge", via: "purge" };

/** When a purge that was not possible is tried again; seconds. */
const retrySeconds = { held: 15 * 60, live: 30, failed: 60 };

/** A batch is over long before; milliseconds. */
const timeout = 30_000;
/** For so long one chat after the other is tried where a set has failed; milliseconds. */
const longestSingly = 5_000;

/**
 * `more`: chats may be due that it has not looked at; `left`: those that it has and that are still due, because somebody
 * else has them locked.
 */
type PurgedBatch = { due: number; more: boolean; purged: number; left: number; failures: unknown[] };

/**
 * Purges up to `size` chats of a tenant whose time in the trash is over, and no more than one call erases. It asks for each at the version that it has
 * seen, so a chat that is restored meanwhile is left alone. What is held or live is put off.
 *
 * The tenant's days are locked while it deletes: once a change of them is answered, nothing is purged by the
 * former ones. The deletion itself has a connection and a transaction of its own, as every deletion has; a process
 * that is killed in between leaves chats that are whole and still due.
 */
export async function purgeBatch(db: Database, tenantId: string, size: number): Promise<PurgedBatch> {
  return db.$transaction(
    async (tx) => {
      const found = await lockDueChats(tx, tenantId, size);
      const due = fittingOneCall(found, ({ messages }) => messages);
      const purgeable = due.filter(({ verdict }) => verdict === "purge");
      const failures: unknown[] = [];
      const outcomes = await deleteEach(db, purgeable.map(toRequest), failures);
      const reschedules = await reschedulePurges(tx, [
        ...due.flatMap((chat) => rescheduled(chat, secondsFor[chat.verdict])),
        ...purgeable.flatMap((chat, index) => rescheduled(chat, secondsAfter(outcomes[index]))),
      ]);
      const purged = outcomes.filter((one) => one?.outcome === "deleted").length;
      return {
        ...{ due: due.length, more: found.length === size || due.length < found.length },
        ...{ purged, left: due.length - purged - reschedules, failures },
      };
    },
    { timeout },
  );
}

/** What is left alone: undefined. Null: the time that the tenant's days say. */
const secondsFor = { purge: undefined, held: retrySeconds.held, early: null };

function secondsAfter(result: DeletionOutcome | null | undefined): number | undefined {
  if (!result) return retrySeconds.failed;
  switch (result.outcome) {
    case "active_connections":
      return retrySeconds.live;
    case "on_hold":
      return retrySeconds.held;
    // Purged, by us or others, changed since, or being changed: then the next look decides anew.
    default:
      return undefined;
  }
}

const rescheduled = (chat: DueChat, seconds: number | null | undefined): Reschedule[] =>
  seconds === undefined ? [] : [{ ...chat, seconds }];

const toRequest = ({ tenantId, chatId, version }: DueChat): DeletionRequest => ({
  tenantId,
  chatId,
  force: false,
  versions: [version],
  actor,
});

/** One chat that cannot be deleted must not keep the others in the trash: null for it, and for it alone. */
async function deleteEach(
  db: Database,
  requests: readonly DeletionRequest[],
  failures: unknown[],
): Promise<(DeletionOutcome | null)[]> {
  try {
    return await deleteChats(db, requests);
  } catch (error) {
    if (!wasRolledBack(error)) throw error;
    if (requests.length === 1) {
      failures.push(error);
      return [null];
    }
  }
  const outcomes: (DeletionOutcome | null)[] = [];
  const end = performance.now() + longestSingly;
  for (const request of requests)
    outcomes.push(...(performance.now() < end ? await deleteEach(db, [request], failures) : [null]));
  return outcomes;
}

/** `seconds` from now, or null: when the tenant's days as they are now are over. */
type Reschedule = { tenantId: string; chatId: string; version: number; seconds: number | null };

/**
 * Sets another time for purges, so that a sweep does not meet the same chats at every turn. A chat that is no
 * longer at `version` is left alone: a hold that was released meanwhile has set the time itself. So is one that
 * somebody else has locked: the next batch meets it again. Answers how many were set.
 */
async function reschedulePurges(
  tx: Pick<Database, "$executeRaw">,
  reschedules: readonly Reschedule[],
): Promise<number> {
  if (reschedules.length === 0) return 0;
  const days = Prisma.sql`tenant.trash_retention_days`;
  return tx.$executeRaw`
    WITH seen AS MATERIALIZED (
      SELECT * FROM unnest(
        ${reschedules.map(({ tenantId }) => tenantId)}::uuid[],
        ${reschedules.map(({ chatId }) => chatId)}::uuid[],
        ${reschedules.map(({ version }) => version)}::integer[],
        ${reschedules.map(({ seconds }) => seconds)}::integer[]
      ) AS seen (tenant_id, chat_id, version, seconds)
    ),
    locked_chat AS MATERIALIZED (
      SELECT chat.tenant_id, chat.id, chat.trashed_at, seen.version, seen.seconds
      FROM seen
      CROSS JOIN LATERAL (
        SELECT tenant_id, id, trashed_at FROM chat WHERE chat.tenant_id = seen.tenant_id AND chat.id = seen.chat_id
        FOR NO KEY UPDATE SKIP LOCKED
      ) AS chat
    )
    UPDATE chat
    SET purge_at = CASE
      WHEN locked_chat.seconds IS NULL THEN ${purgeAt(Prisma.sql`chat.trashed_at`, days)}
      ELSE clock_timestamp() + locked_chat.seconds * interval '1 second'
    END
    FROM locked_chat
    JOIN tenant ON tenant.tenant_id = locked_chat.tenant_id
    WHERE chat.tenant_id = locked_chat.tenant_id AND chat.id = locked_chat.id AND chat.version = locked_chat.version
      -- As it was locked. Of chat itself it would have the index of the trash taken in the place of the key.
      AND locked_chat.trashed_at IS NOT NULL`;
}
