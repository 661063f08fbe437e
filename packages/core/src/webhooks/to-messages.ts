import type { EventRow } from "../feed/events.ts";
import type { WebhookEventType, WebhookPayload } from "./webhook.ts";

/** Something to tell the webhooks of a tenant that want to hear of its type. */
export type Message = { tenantId: string; at: Date; type: WebhookEventType; payload: WebhookPayload };

/**
 * What webhooks are told of events: ids, types and times, never content. A chat whose rows went with it has
 * no event of its own for that, so its deletion is told as both.
 *
 * @param erasedAtOnce the ids of the deletions that left nothing to erase
 */
export function toMessages(rows: readonly EventRow[], erasedAtOnce: ReadonlySet<string>): Message[] {
  return rows.flatMap((row) => {
    const message = (type: WebhookEventType, data: Record<string, string>): Message => {
      const { tenant_id: tenantId, at } = row;
      return { tenantId, at, type, payload: { type, timestamp: at.toISOString(), data } };
    };
    const at = row.at.toISOString();
    switch (row.type) {
      case "chat.trashed":
      case "chat.restored":
        return [message(row.type, { chat_id: row.chat_id })];
      case "chat.deleted": {
        const ids = { chat_id: row.chat_id, deletion_id: row.deletion_id };
        const deleted = message("chat.deleted", { ...ids, deleted_at: at });
        return erasedAtOnce.has(row.deletion_id)
          ? [deleted, message("deletion.erased", { ...ids, erased_at: at })]
          : [deleted];
      }
      case "deletion.erased": {
        const ids = { chat_id: row.chat_id, deletion_id: row.deletion_id };
        return [message(row.type, { ...ids, erased_at: at })];
      }
      case "deletion_job.finished":
        return [message(row.type, { job_id: row.job_id })];
      default:
        return [];
    }
  });
}
