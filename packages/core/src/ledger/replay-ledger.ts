import type { Database } from "@lethe/db";
import { calculateJwkThumbprint } from "jose/jwk/thumbprint";
import { z } from "zod";
import { locked, untilUnlocked } from "../chats/chat-turns.ts";
import { deleteChats } from "../chats/delete-chats.ts";
import type { Actor } from "../context.ts";
import { retryingDeadlocks } from "../database-error.ts";
import { limits } from "../limits.ts";
import type { LedgerDeletion, LedgerKey } from "./ledger-line.ts";

/**
 * What came of a line: `deleted` now, because the chat was there again; `recorded`, because this database has
 * never had the chat, or not any more; `known`: it has the deletion in its ledger; `on_hold`: nothing was done.
 */
export type ReplayOutcome = "deleted" | "recorded" | "known" | "on_hold";

const actor: Actor = { kind: "operator", id: "ledger replay", via: "replay" };
const attempts = 3;

/**
 * Does again, in a database that was restored, what an exported ledger says was done: up to
 * `limits.deleteBatch` deletions of any tenants. Chats that are there are deleted, connections or not, as a
 * deletion of now and of this command; those that never were here are entered as they were, so that nobody can
 * create them again. Answers an outcome for each line. It can be repeated at will.
 *
 * Throws SERVICE_UNAVAILABLE (chat_busy) when somebody keeps one of the chats locked.
 */
export async function replayDeletions(
  db: Database,
  lines: readonly LedgerDeletion[],
): Promise<ReplayOutcome[]> {
  if (lines.length > limits.deleteBatch)
    throw new RangeError(`replayDeletions takes at most ${limits.deleteBatch} lines, got ${lines.length}`);
  const outcomes = new Map<LedgerDeletion, ReplayOutcome>();
  let open: readonly LedgerDeletion[] = lines;
  for (let attempt = 1; open.length > 0 && attempt <= attempts; attempt += 1) {
    const gone = await deleteThere(db, open, outcomes);
    // A chat may have been created since by somebody who was faster: it is there then, and deleted.
    open = await recordDeletions(db, gone, outcomes);
  }
  if (open.length > 0) throw new Error(`${open.length} chats were created again while they were replayed`);
  return lines.map((line) => outcomes.get(line) ?? "known");
}

/** Deletes those whose chats are there; answers the others. */
async function deleteThere(
  db: Database,
  lines: readonly LedgerDeletion[],
  outcomes: Map<LedgerDeletion, ReplayOutcome>,
): Promise<LedgerDeletion[]> {
  const gone: LedgerDeletion[] = [];
  let open = lines;
  await untilUnlocked(db, async () => {
    const results = await deleteChats(db, open.map(toRequest));
    open = open.filter((line, index) => {
      const outcome = results[index]?.outcome;
      if (outcome === "deleted" || outcome === "on_hold") outcomes.set(line, outcome);
      else if (outcome === "not_found") gone.push(line);
      return outcome === "locked";
    });
    return open.length > 0 ? locked : undefined;
  });
  return gone;
}

const toRequest = ({ tenant_id, chat_id }: LedgerDeletion) => ({
  tenantId: tenant_id,
  chatId: chat_id,
  force: true,
  actor,
});

const rows = z.array(z.object({ ordinal: z.int(), outcome: z.enum(["there", "recorded", "known"]) }));

/**
 * Enters deletions of chats that are not there into the ledger as they were elsewhere, but for `erased_at`: of a
 * chat that this database does not have it has no rows. So their ids stay used. Notes the outcomes; answers the
 * lines whose chats are there after all.
 */
async function recordDeletions(
  db: Database,
  lines: readonly LedgerDeletion[],
  outcomes: Map<LedgerDeletion, ReplayOutcome>,
): Promise<LedgerDeletion[]> {
  if (lines.length === 0) return [];
  const records = JSON.stringify(lines.map(toRecord));
  const answers = await retryingDeadlocks(() =>
    db.$transaction(async (tx) => {
      // Who creates a chat writes a transcript first and looks into the ledger then: nobody does meanwhile.
      await tx.$executeRaw`LOCK TABLE transcript IN SHARE MODE`;
      return tx.$queryRaw`
        WITH line AS MATERIALIZED (
          SELECT r.*, EXISTS (
            SELECT FROM chat WHERE chat.tenant_id = r.tenant_id AND chat.id = r.chat_id OFFSET 0
          ) AS there
          FROM jsonb_to_recordset(${records}::jsonb) AS r(
            ordinal integer, tenant_id uuid, id uuid, chat_id uuid, actor_kind text, actor_id text, actor_name text,
            via text, forced boolean, message_count integer, deleted_at timestamptz, erased_at timestamptz,
            export_checksum text
          )
        ),
        recorded AS (
          INSERT INTO deletion (
            tenant_id, id, chat_id, actor_kind, actor_id, actor_name, via, forced, message_count, deleted_at,
            erased_at, export_checksum
          )
          SELECT DISTINCT ON (tenant_id, chat_id)
            tenant_id, id, chat_id, actor_kind, actor_id, actor_name, via, forced, message_count, deleted_at,
            coalesce(erased_at, greatest(deleted_at, clock_timestamp())), export_checksum
          FROM line
          WHERE NOT there AND NOT EXISTS (
            -- Of a tenant that has left nothing is written down any more.
            SELECT FROM departure
            WHERE departure.tenant_id = line.tenant_id AND departure.left_at IS NOT NULL OFFSET 0
          ) AND NOT EXISTS (
            -- It was pruned here.
            SELECT FROM used_chat_id AS used
            WHERE used.tenant_id = line.tenant_id AND used.chat_id = line.chat_id OFFSET 0
          )
          ORDER BY tenant_id, chat_id, ordinal
          ON CONFLICT (tenant_id, chat_id) DO NOTHING
          RETURNING tenant_id, id
        )
        SELECT line.ordinal, CASE
            WHEN line.there THEN 'there'
            WHEN (line.tenant_id, line.id) IN (SELECT tenant_id, id FROM recorded) THEN 'recorded'
            ELSE 'known'
          END AS outcome
        FROM line`;
    }),
  );
  const verdicts = new Map(rows.parse(answers).map(({ ordinal, outcome }) => [ordinal, outcome]));
  return lines.filter((line, index) => {
    const verdict = verdicts.get(index);
    if (verdict === "recorded" || verdict === "known") outcomes.set(line, verdict);
    return verdict === "there";
  });
}

function toRecord({ type: _, actor, ...line }: LedgerDeletion, ordinal: number) {
  return { ...line, ordinal, actor_kind: actor.kind, actor_id: actor.id, actor_name: actor.name };
}

/**
 * Publishes the public halves of keys that have signed receipts elsewhere: a restored database may have lost
 * them. A key that was retired there and still signs here, because the backup is older, is retired here too.
 *
 * Throws a RangeError for a key whose name is not its thumbprint (RFC 7638).
 */
export async function importReceiptKeys(db: Database, keys: readonly LedgerKey[]): Promise<void> {
  for (const { jwk } of keys) {
    if ((await calculateJwkThumbprint(jwk)) !== jwk.kid)
      throw new RangeError(`The key ${jwk.kid} does not have the thumbprint that it is named by`);
  }
  for (const { jwk, retired_at } of keys) {
    // Whether it signs there or not: here nobody has what it signs with.
    await db.$executeRaw`
      INSERT INTO signing_key (kid, public_jwk, retired_at)
      VALUES (
        ${jwk.kid}, ${JSON.stringify(jwk)}::jsonb, coalesce(${retired_at}::timestamptz, clock_timestamp())
      )
      ON CONFLICT (kid) DO NOTHING`;
    await db.$executeRaw`
      UPDATE signing_key SET retired_at = ${retired_at}::timestamptz, private_jwk = NULL
      WHERE kid = ${jwk.kid} AND retired_at IS NULL AND ${retired_at}::timestamptz IS NOT NULL`;
  }
}
