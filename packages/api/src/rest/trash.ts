import { bulkRestore, bulkTrash, restoreChat, trashChat } from "@lethe/core";
import type { ApiApp } from "../http/env.ts";
import { etagOf, parseIfMatch } from "../http/etag.ts";
import { limitBody, restBodySize } from "../http/limit-body.ts";
import { presentBulk, presentChat } from "../present.ts";
import type { Services } from "../services.ts";
import { guard } from "./guard.ts";
import { bulkRestoreRoute, bulkTrashRoute, restoreChatRoute, trashChatRoute } from "./trash-routes.ts";

/** The trash of `/api/v1`. */
export function mountTrash(app: ApiApp, services: Services): void {
  const remove = guard(services, "chats:delete");
  const bulk = [remove, limitBody(restBodySize)];

  app.openapi({ ...trashChatRoute, middleware: remove }, async (c) => {
    const chat = await trashChat(c.var.core, {
      chatId: c.req.valid("param").chat_id,
      versions: parseIfMatch(c.req.header("if-match")),
    });
    return c.json(presentChat(chat), 200, { ETag: etagOf(chat.version) });
  });

  app.openapi({ ...restoreChatRoute, middleware: remove }, async (c) => {
    const chat = await restoreChat(c.var.core, { chatId: c.req.valid("param").chat_id });
    return c.json(presentChat(chat), 200, { ETag: etagOf(chat.version) });
  });

  app.openapi({ ...bulkTrashRoute, middleware: bulk }, async (c) => {
    const outcomes = await bulkTrash(c.var.core, { chatIds: c.req.valid("json").chat_ids });
    return c.json(presentBulk(outcomes), 200);
  });

  app.openapi({ ...bulkRestoreRoute, middleware: bulk }, async (c) => {
    const outcomes = await bulkRestore(c.var.core, { chatIds: c.req.valid("json").chat_ids });
    return c.json(presentBulk(outcomes), 200);
  });
}
