import { bulkRestore, bulkTrash, restoreChat, trashChat } from "@lethe/core";
import type { ApiApp } from "../http/env.ts";
import { etagOf } from "../http/etag.ts";
import { presentBulk, presentChanged } from "../present.ts";
import { bulkRestoreRoute, bulkTrashRoute, restoreChatRoute, trashChatRoute } from "./trash-routes.ts";

/** The trash of `/api/v1`. */
export function mountTrash(app: ApiApp): void {
  app.openapi(trashChatRoute, async (c) => {
    const chat = await trashChat(c.var.core, {
      chatId: c.req.valid("param").chat_id,
      ...c.var.condition,
    });
    return c.json(presentChanged(chat, c.var.mayRead), 200, { ETag: etagOf(chat.version) });
  });

  app.openapi(restoreChatRoute, async (c) => {
    const chat = await restoreChat(c.var.core, {
      chatId: c.req.valid("param").chat_id,
      ...c.var.condition,
    });
    return c.json(presentChanged(chat, c.var.mayRead), 200, { ETag: etagOf(chat.version) });
  });

  app.openapi(bulkTrashRoute, async (c) => {
    const outcomes = await bulkTrash(c.var.core, { chatIds: c.req.valid("json").chat_ids });
    return c.json(presentBulk(outcomes, c.var.mayRead), 200);
  });

  app.openapi(bulkRestoreRoute, async (c) => {
    const outcomes = await bulkRestore(c.var.core, { chatIds: c.req.valid("json").chat_ids });
    return c.json(presentBulk(outcomes, c.var.mayRead), 200);
  });
}
