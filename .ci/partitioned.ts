const core = (folder: string, ...names: string[]) =>
  names.map((name) => `packages/core/src/${folder}/${name}.test.ts`);

/**
 * The test files that are run once more on tables that are partitioned by tenant: of each thing that is done to chats,
 * messages and tenants those that cost little.
 */
export const partitioned = [
  "packages/core/test/tenant-isolation.test.ts",
  ...core(
    "chats",
    "delete-chat",
    "delete-chats",
    "delete-races",
    "delete-rollback",
    "locked-chats",
    "bulk-delete",
  ),
  ...core("chats", "list-chats", "read-chat", "rename-chat"),
  ...core("trash", "trash-chat", "trash-races", "trash-tasks", "bulk-trash"),
  ...core("holds", "holds"),
  ...core("retention", "retention"),
  ...core("messages", "messages", "search-messages", "write-together"),
  ...core("ledger", "ledger", "prune-ledger"),
  ...core("deletion-jobs", "run-step", "cancel-deletion-job", "deletion-job-tasks", "move-jobs"),
  ...core("erasure", "erase-transcripts"),
  ...core("idempotency", "attempts"),
  ...core("feed", "event-feed", "order", "prune-events"),
  ...core("webhooks", "webhooks", "fan-out", "read-due"),
  ...core("receipts", "receipt-signer"),
  ...core("leaving", "replay-departures"),
];
