import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import {
  type DeletionOutcome,
  type DeletionRequest,
  deleteChats,
  fittingOneCall,
} from "../chats/delete-chats.ts";
import type { Actor, TenantId } from "../context.ts";
import { provenTenantId } from "../credentials/principal.ts";
import { wasRolledBack } from "../database-error.ts";
import { purgeAt } from "./purge-at.ts";

/** A chat whose `purge_at` has come, as it was seen. */
type RipeChat = {
  tenantId: TenantId;
  chatId: string;
  version: number;
  messages: number;
  /**
   * `due`: to be deleted. `held`: somebody has said that it must be kept. `early`: the tenant's days have become more
   * since `purge_at` was reckoned.
   */
  verdict: "due" | "held" | "early";
};

const lockRows = z.tuple([z.object({ mine: z.boolean() })]);
const ripeRows = z.array(
  z
    .object({
      tenant_id: provenTenantId,
      chat_id: z.string(),
      version: z.int(),
      messages: z.int(),
      verdict: z.enum(["due", "held", "early"]),
    })
    .transform(
      (row): RipeChat => ({
        tenantId: row.tenant_id,
        chatId: row.chat_id,
        version: row.version,
        messages: row.messages,
        verdict: row.verdict,
      }),
    ),
);

/**
 * Finds up to `limit` chats of a tenant whose `purge_at` has come, those that have waited longest first, and
 * judges them by the tenant's days as they are now. Until the transaction `tx` ends they cannot be changed; nothing
 * is found while somebody is changing them, or another process is at this trash.
 */
async function lockRipeChats(
  tx: Pick<Database, "$queryRaw">,
  tenantId: string,
  limit: number,
): Promise<RipeChat[]> {
  // One process at a time purges a tenant's trash. Each chat is found by its key, whatever the statistics say.
  const [{ mine }] = lockRows.parse(
    await tx.$queryRaw`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${`trash_purge:${tenantId}`}, 0)) AS mine,
        set_config('enable_seqscan', 'off', true)`,
  );
  if (!mine) return [];
  const rows = await tx.$queryRaw`
    WITH ripe AS MATERIALIZED (
      SELECT tenant_id, id, version, message_count, held_at, trashed_at
      FROM chat
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
    SELECT ripe.tenant_id, ripe.id AS chat_id, ripe.version, ripe.message_count AS messages,
      CASE
        WHEN owner.days > 0 AND ripe.trashed_at + owner.days * interval '24 hours' <= statement_timestamp()
          THEN CASE WHEN ripe.held_at IS NULL THEN 'due' ELSE 'held' END
        ELSE 'early'
      END AS verdict
    FROM ripe
    JOIN owner ON owner.tenant_id = ripe.tenant_id`;
  return ripeRows.parse(rows);
}

/** Whom the ledger names. */
const actor: Actor = { kind: "system", id: "trash_purge", via: "purge" };

/** When a purge that was not possible is tried again; seconds. */
const patience = { held: 15 * 60, live: 30, failed: 60 };

/** A batch is over long before; milliseconds. */
const timeout = 30_000;
/** For so long one chat after the other is tried where a set has failed; milliseconds. */
const longestSingly = 5_000;

/**
 * `more`: chats may be due that it has not looked at; `left`: those that it has and that are still due, because somebody
 * else has them locked.
 */
type PurgedBatch = { ripe: number; more: boolean; purged: number; left: number; failures: unknown[] };

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
      const found = await lockRipeChats(tx, tenantId, size);
      const ripe = fittingOneCall(found, ({ messages }) => messages);
      const due = ripe.filter(({ verdict }) => verdict === "due");
      const failures: unknown[] = [];
      const outcomes = await deleteEach(db, due.map(toRequest), failures);
      const postponements = await postponePurges(tx, [
        ...ripe.flatMap((chat) => postponed(chat, secondsFor[chat.verdict])),
        ...due.flatMap((chat, index) => postponed(chat, secondsAfter(outcomes[index]))),
      ]);
      const purged = outcomes.filter((one) => one?.outcome === "deleted").length;
      return {
        ...{ ripe: ripe.length, more: found.length === size || ripe.length < found.length },
        ...{ purged, left: ripe.length - purged - postponements, failures },
      };
    },
    { timeout },
  );
}

/** What is left alone: undefined. Null: the time that the tenant's days say. */
const secondsFor = { due: undefined, held: patience.held, early: null };

function secondsAfter(result: DeletionOutcome | null | undefined): number | undefined {
  if (!result) return patience.failed;
  switch (result.outcome) {
    case "active_connections":
      return patience.live;
    case "on_hold":
      return patience.held;
    // Purged, by us or others, changed since, or being changed: then the next look decides anew.
    default:
      return undefined;
  }
}

const postponed = (chat: RipeChat, seconds: number | null | undefined): Postponement[] =>
  seconds === undefined ? [] : [{ ...chat, seconds }];

const toRequest = ({ tenantId, chatId, version }: RipeChat): DeletionRequest => ({
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
type Postponement = { tenantId: string; chatId: string; version: number; seconds: number | null };

/**
 * Sets another time for purges, so that a sweep does not meet the same chats at every turn. A chat that is no
 * longer at `version` is left alone: a hold that was released meanwhile has set the time itself. So is one that
 * somebody else has locked: the next batch meets it again. Answers how many were set.
 */
async function postponePurges(
  tx: Pick<Database, "$executeRaw">,
  postponements: readonly Postponement[],
): Promise<number> {
  if (postponements.length === 0) return 0;
  const days = Prisma.sql`tenant.trash_retention_days`;
  return tx.$executeRaw`
    WITH seen AS MATERIALIZED (
      SELECT * FROM unnest(
        ${postponements.map(({ tenantId }) => tenantId)}::uuid[],
        ${postponements.map(({ chatId }) => chatId)}::uuid[],
        ${postponements.map(({ version }) => version)}::integer[],
        ${postponements.map(({ seconds }) => seconds)}::integer[]
      ) AS seen (tenant_id, chat_id, version, seconds)
    ),
    door AS MATERIALIZED (
      SELECT chat.tenant_id, chat.id, chat.trashed_at, seen.version, seen.seconds
      FROM seen
      CROSS JOIN LATERAL (
        SELECT tenant_id, id, trashed_at FROM chat WHERE chat.tenant_id = seen.tenant_id AND chat.id = seen.chat_id
        FOR NO KEY UPDATE SKIP LOCKED
      ) AS chat
    )
    UPDATE chat
    SET purge_at = CASE
      WHEN door.seconds IS NULL THEN ${purgeAt(Prisma.sql`chat.trashed_at`, days)}
      ELSE clock_timestamp() + door.seconds * interval '1 second'
    END
    FROM door
    JOIN tenant ON tenant.tenant_id = door.tenant_id
    WHERE chat.tenant_id = door.tenant_id AND chat.id = door.id AND chat.version = door.version
      -- As it was locked. Of chat itself it would have the index of the trash taken in the place of the key.
      AND door.trashed_at IS NOT NULL`;
}
