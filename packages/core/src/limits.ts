/** Bounds on what a caller may send or ask for. Lengths count Unicode code points, as JSON Schema does. */
export const limits = {
  titleLength: 200,
  authorLength: 120,
  bodyLength: 32_000,
  /** Of a message, as lists show the last one. */
  excerptLength: 160,
  searchLength: 200,
  cursorLength: 200,
  /** The id of an event, which resumes a subscription after it. */
  eventCursorLength: 512,
  pageSize: 100,
  /** Chats that one bulk request may name. */
  bulkSize: 1_000,
  /** Chats that one archive takes. */
  exportChats: 250_000,
  /** Days that the trash may keep a chat before it is purged. */
  trashRetentionDays: 3_650,
  /** Days without activity after which retention may delete a chat. */
  retentionDays: 36_500,
  /** Days that a line of the ledger is kept at least and at most, where it is not for ever: logs of jobs and webhooks name it for 30. */
  ledgerRetentionDays: { least: 30, most: 36_500 },
  /** Code points of the reason for a hold. */
  reasonLength: 500,
  /** Code points of the id of who did something. */
  actorIdLength: 200,
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
  /** Members that a tenant may have, and besides them invitations that wait. */
  members: 1_000,
  invitations: 200,
  /** API keys of one tenant that still open something. */
  apiKeys: 1_000,
  /** Seconds that a token may be good for, and chats that it may be restricted to. */
  tokenSeconds: 3_600,
  tokenChats: 100,
  /** Code points of what a person, a tenant or a key is called. */
  nameLength: 100,
  /** Of an address (RFC 5321, section 4.5.3.1.3). */
  emailLength: 254,
  /** Wrong passwords and codes that are tried at one account in an hour; as many may be sent again (OWASP ASVS 4.0, 2.2.1). */
  wrongGuessesPerHour: 40,
  /** Characters of a password. */
  passwordLength: { least: 12, most: 128 },
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
  "tenant.deleted",
] as const;

/** What a key or a role may be allowed to do. */
export const scopes = [
  "chats:read",
  "chats:write",
  /** To move into the trash and out of it. */
  "chats:trash",
  /** To delete for good, at once, in sets and by jobs. Whoever may do that may use the trash too. */
  "chats:delete",
  /** To put chats on hold and to release them, which is to allow their deletion again. */
  "holds:write",
  /** To change what holds for the whole tenant: retention, webhooks. */
  "settings:write",
  /** To see who belongs to the tenant, to invite, to change roles and to remove. */
  "people:write",
  /** To see, make and revoke API keys. */
  "keys:write",
  /** To delete the tenant with all that it has. */
  "tenant:delete",
] as const;

/** What a key is made with that says nothing else, and the most that a token may have. To let others in, and to end it all, has to be named. */
export const usualScopes = scopes.filter(
  (scope) => scope !== "people:write" && scope !== "keys:write" && scope !== "tenant:delete",
);

/** What people can be in a tenant, each more than the one before. */
export const roles = ["viewer", "member", "admin", "owner"] as const;
