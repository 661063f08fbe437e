import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { t } from "../trpc/init.ts";
import { apiKeys } from "./api-keys.ts";
import { chats } from "./chats.ts";
import { deletionJobs } from "./deletion-jobs.ts";
import { deletions } from "./deletions.ts";
import { holds } from "./holds.ts";
import { messages } from "./messages.ts";
import { Operation } from "./operation.ts";
import { invitations, members } from "./people.ts";
import { settings } from "./settings.ts";
import { events, exports, ledgerExports } from "./streams.ts";
import { tenant } from "./tenant.ts";
import { tokens } from "./tokens.ts";
import { trash } from "./trash.ts";
import { webhooks } from "./webhooks.ts";

/** All operations, under their names. tRPC serves this router, and REST the routes that its procedures carry. */
export const appRouter = t.router({
  chat: { ...chats, ...trash, ...holds, ...exports },
  message: messages,
  // Before the line with an id, which "export" could be one of.
  deletion: { ...ledgerExports, ...deletions },
  deletionJob: deletionJobs,
  settings,
  tenant,
  webhook: webhooks,
  member: members,
  invitation: invitations,
  apiKey: apiKeys,
  token: tokens,
  events,
});

export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** Name and route of each. Throws TypeError for one that is not declared, or under another name than its own. */
export const operations: readonly Operation[] = Object.entries(appRouter._def.record).flatMap(
  ([group, procedures]) =>
    Object.entries(procedures).map(([key, { _def }]) => {
      const name = `${group}.${key}`;
      if (_def.meta instanceof Operation && _def.meta.name === name) return _def.meta;
      throw new TypeError(`${name} is not declared as an operation of that name`);
    }),
);
