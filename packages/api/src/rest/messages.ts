import { createMessage, listMessages } from "@lethe/core";
import type { ApiApp } from "../http/env.ts";
import { limitBody, restBodySize } from "../http/limit-body.ts";
import { presentMessage, presentPage } from "../present.ts";
import type { Services } from "../services.ts";
import { guard } from "./guard.ts";
import { createMessageRoute, listMessagesRoute } from "./message-routes.ts";

/** The messages of `/api/v1`. */
export function mountMessages(app: ApiApp, services: Services): void {
  const read = guard(services, "chats:read");
  const write = [guard(services, "chats:write"), limitBody(restBodySize)];

  app.openapi({ ...listMessagesRoute, middleware: read }, async (c) => {
    const page = await listMessages(c.var.core, {
      chatId: c.req.valid("param").chat_id,
      ...c.req.valid("query"),
    });
    return c.json(presentPage(page, presentMessage), 200);
  });

  app.openapi({ ...createMessageRoute, middleware: write }, async (c) => {
    const message = await createMessage(c.var.core, {
      chatId: c.req.valid("param").chat_id,
      ...c.req.valid("json"),
    });
    return c.json(presentMessage(message), 201);
  });
}
