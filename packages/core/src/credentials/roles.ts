import { z } from "zod";
import { roles } from "../limits.ts";
import type { Scope } from "./scopes.ts";

export { roles };
export type Role = (typeof roles)[number];
export const roleSchema = z.enum(roles, `role must be one of ${roles.join(", ")}`);

const viewer = ["chats:read"] as const satisfies Scope[];
const member = [...viewer, "chats:write", "chats:trash"] as const satisfies Scope[];
const admin = [...member, "chats:delete", "holds:write"] as const satisfies Scope[];
const owner = [
  ...admin,
  "settings:write",
  "people:write",
  "keys:write",
  "tenant:delete",
] as const satisfies Scope[];

/**
 * The one table of roles: a viewer reads, a member writes and uses the trash, an admin deletes for good, holds and runs
 * jobs, an owner decides on people, keys, settings and webhooks, and may delete the tenant. An operation is allowed to whoever has its scope.
 */
export const roleScopes: Record<Role, readonly Scope[]> = { viewer, member, admin, owner };
