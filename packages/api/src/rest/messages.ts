import { createMessage, listMessages } from "@lethe/core";
import type { ApiApp } from "../http/env.ts";
import { presentMessage, presentPage } from "../present.ts";
import { createMessageRoute, listMessagesRoute } from "./message-routes.ts";

/** The messages of `/api/v1`. */
export function mountMessages(app: ApiApp): void {
  app.openapi(listMessagesRoute, async (c) => {
    const page = await listMessages(c.var.core, {
      chatId: c.req.valid("param").chat_id,
      ...c.req.valid("query"),
    });
    return c.json(presentPage(page, presentMessage), 200);
  });

  app.openapi(createMessageRoute, async (c) => {
    const message = await createMessage(c.var.core, {
      chatId: c.req.valid("param").chat_id,
      ...c.req.valid("json"),
      ...c.var.condition,
    });
    return c.json(presentMessage(message), 201);
  });
}
