import type { Database } from "@lethe/db";
import { deletionColumns, deletionRows } from "../deletions/deletion-row.ts";
import type { DeletionOutcome, DeletionRequest } from "./delete-chats.ts";

/**
 * Of chats that were not found, finds those that an earlier try of the same request has deleted, by the id
 * that it gave to the ledger's line, and answers for them what the ledger says. Costs nothing for requests
 * without such an id.
 */
export async function recallDeletions(
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
    const { deletedAt, erasedAt, messageCount, exportChecksum } = line;
    return { outcome: "deleted", deletionId: line.id, deletedAt, erasedAt, messageCount, exportChecksum };
  });
}
