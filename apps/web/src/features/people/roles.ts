import { roles, type scopes } from "@lethe/core/limits";

export type Role = (typeof roles)[number];
export type Scope = (typeof scopes)[number];

/** Roles as people call them. */
export const roleNames: Record<Role, string> = {
  viewer: "Viewer",
  member: "Member",
  admin: "Admin",
  owner: "Owner",
};

/** What each may do, beside what those before it may. */
const rights: Record<Role, string> = {
  viewer: "Reads chats, the ledger and receipts, and exports them.",
  member: "Writes too, and uses the Trash.",
  admin: "Deletes permanently too, puts chats on hold, and runs jobs.",
  owner: "Decides on people, API keys, settings and webhooks too.",
};

/** All roles, from the one that may least. */
export const roleChoices = roles.map((role) => ({ role, name: roleNames[role], rights: rights[role] }));
