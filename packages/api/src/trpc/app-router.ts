import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { chatRouter } from "./chat-router.ts";
import { deletionJobRouter } from "./deletion-job-router.ts";
import { deletionRouter } from "./deletion-router.ts";
import { eventsRouter } from "./events-router.ts";
import { t } from "./init.ts";
import { messageRouter } from "./message-router.ts";
import { settingsRouter } from "./settings-router.ts";
import { webhookRouter } from "./webhook-router.ts";

export const appRouter = t.router({
  chat: chatRouter,
  deletion: deletionRouter,
  deletionJob: deletionJobRouter,
  message: messageRouter,
  events: eventsRouter,
  settings: settingsRouter,
  webhook: webhookRouter,
});

export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
