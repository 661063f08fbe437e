/** A transcript that is to be erased: its chat, and the line of the ledger that says so. */
export type Erasure = { tenantId: string; chatId: string; deletionId: string };

/** The name under which the queue knows the erasing of what a tenant's deletions have left behind. */
export const eraseTask = { name: "erase_transcripts" };
