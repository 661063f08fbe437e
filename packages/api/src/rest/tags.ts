/** Under what the OpenAPI document puts operations together. */
export const tags = {
  Chats: "Chats, one by one and in sets.",
  Messages: "What is said in them.",
  Live: "One chat, as it happens.",
  Trash: "From where chats come back.",
  Holds: "What keeps a chat from being deleted.",
  Deletions: "The ledger, and receipts.",
  "Deletion jobs": "Any number of chats that a filter matches.",
  Settings: "What holds for the whole tenant.",
  Tenant: "All that there is, when it leaves.",
  Webhooks: "What other programs are told.",
  People: "Who belongs to the tenant, and who is invited.",
  "API keys": "What programs call with.",
  Tokens: "What browsers call with.",
};

export type Tag = keyof typeof tags;
