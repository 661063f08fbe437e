/** What a webhook can be told of, and how people call it. */
export const eventTypes = [
  { type: "chat.deleted", label: "A chat was deleted for good" },
  { type: "chat.trashed", label: "A chat was moved to the trash" },
  { type: "chat.restored", label: "A chat was restored" },
  { type: "deletion.erased", label: "The last row of a deleted chat is gone" },
  { type: "deletion_job.finished", label: "A deletion job has ended" },
] as const;

export type EventType = (typeof eventTypes)[number]["type"];
