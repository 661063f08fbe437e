/** Bounds on what a caller may send or ask for. Lengths count UTF-16 code units, as JavaScript does. */
export const limits = {
  titleLength: 200,
  authorLength: 120,
  bodyLength: 32_000,
  searchLength: 200,
  cursorLength: 200,
  /** The id of an event, which resumes a subscription after it. */
  eventCursorLength: 512,
  pageSize: 100,
  /** Chats that one bulk request may name. */
  bulkSize: 1_000,
  /** Days that the trash may keep a chat before it is purged. */
  trashRetentionDays: 3_650,
  /** Days without activity after which retention may delete a chat. */
  retentionDays: 36_500,
  /** UTF-16 code units of the reason for a hold. */
  reasonLength: 500,
  /** Deletion jobs of one tenant that have not ended. */
  openJobs: 20,
  /** Requests that one call of `deleteChats` takes. */
  deleteBatch: 1_000,
  /** A chat with more messages than this is erased after the deletion's commit, in the background, ... */
  eraseBudget: 256,
  /** ... and so are the largest of a call that would erase more than this in all. */
  eraseBatchBudget: 20_000,
  /** Webhooks that a tenant may have. */
  webhooks: 20,
  webhookUrlLength: 2_000,
  webhookDescriptionLength: 200,
} as const;

/** What a webhook can be told of. */
export const webhookEventTypes = [
  "chat.deleted",
  "chat.trashed",
  "chat.restored",
  "deletion.erased",
  "deletion_job.finished",
] as const;
