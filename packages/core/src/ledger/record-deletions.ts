import type { Database } from "@lethe/db";
import { z } from "zod";
import { retryingDeadlocks } from "../database-error.ts";
import type { LedgerDeletion } from "./ledger-line.ts";
import type { ReplayOutcome } from "./replay-deletions.ts";

const rows = z.array(z.object({ ordinal: z.int(), outcome: z.enum(["there", "recorded", "known"]) }));

/**
 * Enters deletions of chats that are not there into the ledger as they were elsewhere, but for `erased_at`: of a
 * chat that this database does not have it has no rows. So their ids stay used. Notes the outcomes; answers the
 * lines whose chats are there after all.
 */
export async function recordDeletions(
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
            ordinal integer, tenant_id uuid, id uuid, chat_id uuid, actor_kind text, actor_id text, via text,
            forced boolean, message_count integer, deleted_at timestamptz, erased_at timestamptz,
            export_checksum text
          )
        ),
        recorded AS (
          INSERT INTO deletion (
            tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count, deleted_at, erased_at,
            export_checksum
          )
          SELECT DISTINCT ON (tenant_id, chat_id)
            tenant_id, id, chat_id, actor_kind, actor_id, via, forced, message_count, deleted_at,
            coalesce(erased_at, greatest(deleted_at, clock_timestamp())), export_checksum
          FROM line
          WHERE NOT there
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
  return { ...line, ordinal, actor_kind: actor.kind, actor_id: actor.id };
}
