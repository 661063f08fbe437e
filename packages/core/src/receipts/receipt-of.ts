import { type Receipt, receiptIssuer } from "@lethe/receipts";
import type { TenantId } from "../context.ts";
import type { DeletionRecord } from "../types.ts";

/** What a receipt is made of: a line of the ledger. Who deleted is reduced to their kind. */
export type ReceiptSubject = Omit<DeletionRecord, "state" | "actor"> & { actor: { kind: string } };

/** What a receipt says of a deletion; `erasedAt` as it was, or null for what was known at the deletion. */
export function receiptOf(tenantId: TenantId, deletion: ReceiptSubject, erasedAt: Date | null): Receipt {
  return {
    iss: receiptIssuer,
    version: 1,
    tenant_id: tenantId,
    deletion_id: deletion.id,
    chat_id: deletion.chatId,
    deleted_at: deletion.deletedAt.toISOString(),
    erased_at: erasedAt?.toISOString() ?? null,
    message_count: deletion.messageCount,
    actor_kind: deletion.actor.kind,
    via: deletion.via,
    forced: deletion.forced,
    export_checksum: deletion.exportChecksum,
    final: erasedAt !== null,
  };
}
