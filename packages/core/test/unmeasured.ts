/**
 * The statements of the core that the test of plans does not run, by what bounds what they look at: how many there are in each
 * source. A new one is to be run there, among the hot verbs and the hot work, or to be counted here.
 */
const byBound: Record<string, Record<string, number>> = {
  "a row by its key, or those of a set by theirs": {
    "chats/bulk-delete.ts": 1,
    "credentials/api-keys.ts": 1,
    "credentials/sessions.ts": 1,
    "deletion-jobs/delete-matches.ts": 1,
    "idempotency/keys.ts": 5,
    "ledger/deletions.ts": 1,
    "messages/read-messages.ts": 1,
    "settings/settings.ts": 1,
    "trash/apply-trash-settings.ts": 2,
    "trash/move-set.ts": 1,
    "webhooks/deliveries.ts": 4,
    "webhooks/delivery-row.ts": 1,
    "webhooks/record-attempts.ts": 1,
  },
  "what hangs on one chat, one person, one address or one gateway": {
    "gateway/connections.ts": 1,
    "gateway/lease.ts": 4,
    "people/invitations.ts": 1,
    "people/members.ts": 1,
    "people/password-resets.ts": 4,
    "people/people.ts": 4,
    "people/person-sessions.ts": 3,
    "people/second-factors.ts": 3,
  },
  "a batch or a page, in the order of an index": {
    "chats/folded-titles.ts": 1,
    "deletion-jobs/deletion-jobs.ts": 2,
    "deletion-jobs/scan-page.ts": 1,
    "erasure/erase-transcripts.ts": 2,
    "ledger/export-ledger.ts": 2,
    "messages/index-messages.ts": 1,
  },
  "tables of a few rows, a tenant's open jobs and webhooks, and what PostgreSQL knows of its sessions": {
    "background/demand.ts": 1,
    "deletion-jobs/deletion-job-tasks.ts": 1,
    "feed/horizon.ts": 1,
    "feed/position.ts": 1,
    "feed/read-events.ts": 2,
    "ledger/replay-ledger.ts": 2,
    "receipts/signing-keys.ts": 1,
    "webhooks/endpoint-leases.ts": 1,
    "webhooks/prune-log.ts": 2,
    "webhooks/webhooks.ts": 8,
  },
  "all that a tenant has, once in its life, or when somebody asks how much there is": {
    "leaving/departures.ts": 3,
    "leaving/end-credentials.ts": 8,
    "leaving/leaving-step.ts": 7,
    "leaving/remove-rest.ts": 4,
    "ledger/preview-pruning.ts": 1,
  },
  "what an index of terms leads to, for as long as a search may take": { "chats/search-list.ts": 3 },
};

export const unmeasured = Object.fromEntries(Object.values(byBound).flatMap(Object.entries<number>));
