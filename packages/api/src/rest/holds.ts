import { holdChat, releaseHold } from "@lethe/core";
import type { ApiApp } from "../http/env.ts";
import { etagOf } from "../http/etag.ts";
import { limitBody, restBodySize } from "../http/limit-body.ts";
import { presentChat } from "../present.ts";
import type { Services } from "../services.ts";
import { guard } from "./guard.ts";
import { holdChatRoute, releaseHoldRoute } from "./hold-routes.ts";

/** The holds of `/api/v1`. */
export function mountHolds(app: ApiApp, services: Services): void {
  const hold = guard(services, "holds:write");

  app.openapi({ ...holdChatRoute, middleware: [hold, limitBody(restBodySize)] }, async (c) => {
    const { reason } = c.req.valid("json");
    const chat = await holdChat(c.var.core, { chatId: c.req.valid("param").chat_id, reason });
    return c.json(presentChat(chat), 200, { ETag: etagOf(chat.version) });
  });

  app.openapi({ ...releaseHoldRoute, middleware: hold }, async (c) => {
    const chat = await releaseHold(c.var.core, { chatId: c.req.valid("param").chat_id });
    return c.json(presentChat(chat), 200, { ETag: etagOf(chat.version) });
  });
}
