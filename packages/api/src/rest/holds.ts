import { holdChat, releaseHold } from "@lethe/core";
import type { ApiApp } from "../http/env.ts";
import { etagOf } from "../http/etag.ts";
import { presentChanged } from "../present.ts";
import { holdChatRoute, releaseHoldRoute } from "./hold-routes.ts";

/** The holds of `/api/v1`. */
export function mountHolds(app: ApiApp): void {
  app.openapi(holdChatRoute, async (c) => {
    const { reason } = c.req.valid("json");
    const chat = await holdChat(c.var.core, {
      chatId: c.req.valid("param").chat_id,
      reason,
      ...c.var.condition,
    });
    return c.json(presentChanged(chat, c.var.mayRead), 200, { ETag: etagOf(chat.version) });
  });

  app.openapi(releaseHoldRoute, async (c) => {
    const chat = await releaseHold(c.var.core, {
      chatId: c.req.valid("param").chat_id,
      ...c.var.condition,
    });
    return c.json(presentChanged(chat, c.var.mayRead), 200, { ETag: etagOf(chat.version) });
  });
}
